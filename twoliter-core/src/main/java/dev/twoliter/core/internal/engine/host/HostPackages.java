package dev.twoliter.core.internal.engine.host;

import dev.twoliter.core.internal.engine.Subprocess;
import dev.twoliter.rpm.Evr;
import dev.twoliter.rpm.Nevra;
import dev.twoliter.rpm.Relation;
import dev.twoliter.rpm.RelationKind;
import dev.twoliter.rpm.repo.RepoPackage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What is installed on this machine, as one package that provides all of it. */
final class HostPackages {

    private static final System.Logger LOG = System.getLogger(HostPackages.class.getName());
    private static final List<String> PROGRAMS = List.of("/bin", "/sbin", "/usr/bin", "/usr/sbin");

    /** Asks a program something. */
    interface Question {
        Subprocess.Answer ask(String... command);
    }

    private HostPackages() {}

    static List<RepoPackage> installed(Question question) {
        Subprocess.Answer provides = question.ask("rpm", "--query", "--all", "--provides");
        RepoPackage.Builder all = RepoPackage.builder(new Nevra("this-machine", Evr.parse("0-0"), "noarch"));
        if (provides.ok()) {
            provides.text().lines().map(String::strip).distinct().forEach(line -> add(all, line));
        }
        return List.of(all.primaryFiles(programs()).build());
    }

    private static void add(RepoPackage.Builder all, String provide) {
        try {
            all.add(RelationKind.PROVIDES, Relation.parse(provide));
        } catch (IllegalArgumentException e) {
            // Other distributions write capabilities that no spec for Bottlerocket asks for.
            return;
        }
    }

    private static List<String> programs() {
        List<String> programs = new ArrayList<>();
        for (String directory : PROGRAMS) {
            try (Stream<Path> files = Files.list(Path.of(directory))) {
                files.forEach(file -> programs.add(directory + "/" + file.getFileName()));
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "no programs there", e);
            }
        }
        return programs;
    }
}
