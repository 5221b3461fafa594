package dev.twoliter.examples.cli;

import dev.twoliter.api.KeyFile;
import dev.twoliter.rpm.RpmSigner;
import dev.twoliter.rpm.repo.RepoIndex;
import dev.twoliter.rpm.repo.RepoOptions;
import dev.twoliter.rpm.repo.RepoWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code twoliter repo index}: writes the repodata of a directory, as createrepo_c does. */
@Command(
        name = "index",
        description = {
            "Writes the index (repodata) of all packages below a directory.",
            "SOURCE_DATE_EPOCH is its time, default 0; each package keeps the time of its file."
        })
final class RepoIndexCommand implements Callable<Integer> {

    private final TwoliterCommand twoliter;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "The directory.")
    private Path directory = Path.of("");

    @Option(names = "--update", description = "Read only packages whose size or time is not that of the index before.")
    private boolean update;

    @Option(names = "--no-database", description = "Leave out the three databases, which dnf does not read.")
    private boolean noDatabase;

    @Option(names = "--zstd", description = "Compress the XML with zstd, as newer readers allow, and not with gzip.")
    private boolean zstd;

    @Option(
            names = "--exclude",
            paramLabel = "P",
            description = "Leave out packages at these paths; * and ? stand for any characters. Repeatable.")
    private List<String> excludes = new ArrayList<>();

    @Option(names = "--workers", paramLabel = "N", description = "How many packages are read at a time.")
    private int workers = Runtime.getRuntime().availableProcessors();

    @Option(names = "--sign-key", paramLabel = "K", description = "The OpenPGP key that signs the index.")
    private @Nullable Path signKey;

    RepoIndexCommand(TwoliterCommand twoliter) {
        this.twoliter = twoliter;
    }

    @Override
    public Integer call() {
        RepoOptions.Builder options = RepoOptions.builder()
                .fileTimes(true)
                .update(update)
                .databases(!noDatabase)
                .compression(zstd ? RepoOptions.Compression.ZSTD : RepoOptions.Compression.GZIP)
                .workers(Workers.checked(workers, spec))
                .timestamp(timestamp());
        excludes.forEach(options::addExclude);
        if (signKey != null) {
            options.signer(RpmSigner.open(KeyFile.of(signKey)));
        }
        twoliter.counting("indexing").ifPresent(options::progress);
        RepoIndex index = RepoWriter.write(directory, options.build());
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("repomd", index.repomd().toString());
        document.put("packages", index.packages());
        document.put("read", index.read());
        twoliter.answer(document, index.repomd() + "  " + index.packages() + " packages, " + index.read() + " read");
        return 0;
    }

    private Instant timestamp() {
        String text =
                twoliter.terminal().environment().variable("SOURCE_DATE_EPOCH").orElse("0");
        try {
            return Instant.ofEpochSecond(Long.parseLong(text));
        } catch (NumberFormatException e) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(),
                    "SOURCE_DATE_EPOCH is no number of seconds: '" + text + "'",
                    e);
        }
    }
}
