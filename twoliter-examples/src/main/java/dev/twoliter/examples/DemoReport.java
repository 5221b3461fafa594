package dev.twoliter.examples;

import dev.twoliter.api.Digest;
import dev.twoliter.api.plan.Artifact;
import dev.twoliter.api.plan.BuildResult;
import dev.twoliter.api.plan.PublishResult;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the quick start made.
 *
 * @param published the kit in the registry
 * @param builds the builds, in order
 */
record DemoReport(PublishResult published, List<BuildResult> builds) {
    DemoReport {
        builds = List.copyOf(builds);
    }

    /** Returns the digest of every artefact by file name, and of everything published. */
    Map<String, Digest> digests() {
        Map<String, Digest> digests = new TreeMap<>();
        for (BuildResult build : builds) {
            for (Artifact artifact : build.artifacts()) {
                digests.put(artifact.step() + " " + artifact.path().getFileName(), artifact.sha256());
            }
        }
        published.images().forEach((arch, digest) -> digests.put("published " + arch, digest));
        published.reference().digest().ifPresent(digest -> digests.put("published index", digest));
        return digests;
    }

    void print(PrintStream out) {
        Table artifacts = new Table().row("KIND", "ARTEFACT", "ARCH", "BYTES", "SHA-256");
        Table steps = new Table().row("STEP", "SECONDS");
        for (BuildResult build : builds) {
            for (Artifact artifact : build.artifacts()) {
                artifacts.row(
                        artifact.kind().name().toLowerCase(Locale.ROOT),
                        String.valueOf(artifact.path().getFileName()),
                        String.valueOf(artifact.step().archOrNull()),
                        String.format(Locale.ROOT, "%,d", artifact.size()),
                        shorten(artifact.sha256()));
            }
            for (BuildResult.StepResult step : build.steps()) {
                steps.row(
                        step.id().toString(),
                        String.format(Locale.ROOT, "%.2f", step.took().toMillis() / 1000.0));
            }
        }
        artifacts.print(out);
        out.println();
        steps.print(out);
        out.println();
        out.println("published " + published.reference());
        published.signatures().forEach(signature -> out.println("signature " + signature));
    }

    private static String shorten(Digest digest) {
        return digest.hex().substring(0, 12);
    }
}
