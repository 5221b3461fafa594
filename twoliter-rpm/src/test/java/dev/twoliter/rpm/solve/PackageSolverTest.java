package dev.twoliter.rpm.solve;

import static dev.twoliter.rpm.solve.Packages.from;
import static dev.twoliter.rpm.solve.Packages.repo;
import static dev.twoliter.rpm.solve.Packages.solve;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.ResolutionException;
import dev.twoliter.rpm.Nevra;
import dev.twoliter.rpm.Relation;
import dev.twoliter.rpm.RelationKind;
import dev.twoliter.rpm.RpmBuilder;
import dev.twoliter.rpm.repo.RepoPackage;
import dev.twoliter.rpm.repo.RepoReader;
import dev.twoliter.rpm.repo.RepoWriter;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageSolverTest {
    @Test
    void follows_versions_files_and_capabilities() {
        assertThat(solve(from(repo(
                                "r",
                                99,
                                "app-1-1.x86_64 | req: lib >= 2, /bin/sh, virtual",
                                "lib-1-1.x86_64",
                                "lib-2-1.x86_64",
                                "lib-3-1.aarch64",
                                "shell-1-1.noarch | file: /bin/sh",
                                "zed-1-1.x86_64 | prov: virtual"))
                        .install("app")))
                .containsExactly("app-1-1.x86_64", "lib-2-1.x86_64", "shell-1-1.noarch", "zed-1-1.x86_64");
    }

    @Test
    void prefers_priority_before_version_unless_a_version_is_demanded() {
        SolveRepo mine = repo("mine", 10, "a-1-1.x86_64");
        SolveRepo core = repo("core", 20, "a-2-1.x86_64", "b-1-1.x86_64 | req: a >= 2");
        assertThat(solve(from(core, mine).install("a"))).containsExactly("a-1-1.x86_64");
        assertThat(solve(from(core, mine).install("b"))).containsExactly("a-2-1.x86_64", "b-1-1.x86_64");
        assertThat(solve(from(core, mine).install("a", "b"))).containsExactly("a-2-1.x86_64", "b-1-1.x86_64");
    }

    @Test
    void understands_rich_dependencies() {
        SolveRepo repo = repo(
                "r",
                99,
                "a-1-1.x86_64 | req: (extra if flag)",
                "b-1-1.x86_64 | req: (x if flag else y)",
                "c-1-1.x86_64 | req: (x and y)",
                "d-1-1.x86_64 | req: (nothing or y)",
                "flag-1-1.x86_64",
                "extra-1-1.x86_64",
                "x-1-1.x86_64",
                "y-1-1.x86_64");
        assertThat(solve(from(repo).install("a"))).containsExactly("a-1-1.x86_64");
        assertThat(solve(from(repo).install("a", "flag"))).contains("extra-1-1.x86_64");
        // As dnf: of the condition and the other part, the first one by name.
        assertThat(solve(from(repo).install("b"))).containsExactly("b-1-1.x86_64", "flag-1-1.x86_64", "x-1-1.x86_64");
        assertThat(solve(from(repo).install("b", "flag")))
                .contains("x-1-1.x86_64")
                .doesNotContain("y-1-1.x86_64");
        assertThat(solve(from(repo).install("c"))).hasSize(3);
        assertThat(solve(from(repo).install("d"))).containsExactly("d-1-1.x86_64", "y-1-1.x86_64");
    }

    @Test
    void says_who_needs_what_and_what_there_is() {
        SolveRepo mine = repo("my-kit", 10, "hello-agent-1.0-1.x86_64 | req: libfoo >= 2");
        SolveRepo core = repo("core-kit", 20, "libfoo-1.4-1.x86_64");
        assertThatThrownBy(() -> solve(from(mine, core).install("hello-agent")))
                .isInstanceOfSatisfying(ResolutionException.class, e -> {
                    assertThat(e)
                            .hasMessage("hello-agent-1.0-1.x86_64 from my-kit needs libfoo >= 2;"
                                    + " core-kit has libfoo 1.4-1");
                    assertThat(e.chains())
                            .containsExactly("requested > hello-agent-1.0-1.x86_64 from my-kit > libfoo >= 2");
                });
        assertThatThrownBy(() -> solve(from(core).install("nothing"))).hasMessageContaining("no repository has it");
        assertThatThrownBy(() -> solve(from(core).install("libfoo").exclude(List.of("lib*"))))
                .hasMessageContaining("is excluded");
    }

    @Test
    void names_both_sides_of_a_conflict_and_steps_around_it_where_it_can() {
        SolveRepo repo = repo(
                "r",
                99,
                "a-1-1.x86_64 | con: b",
                "b-1-1.x86_64 | prov: v",
                "c-1-1.x86_64 | prov: v",
                "d-1-1.x86_64 | req: v",
                "e-1-1.x86_64 | con: (b unless c)");
        assertThat(solve(from(repo).install("a", "d"))).contains("c-1-1.x86_64").doesNotContain("b-1-1.x86_64");
        assertThatThrownBy(() -> solve(from(repo).install("a", "b")))
                .isInstanceOf(ResolutionException.class)
                .hasMessageContaining("a-1-1.x86_64 from r conflicts with b");
        assertThat(solve(from(repo).install("e", "b"))).containsExactly("b-1-1.x86_64", "c-1-1.x86_64", "e-1-1.x86_64");
    }

    @Test
    @Peer("dnf")
    void chooses_what_dnf_chooses(@TempDir Path dir) throws IOException {
        Path one = Files.createDirectory(dir.resolve("one"));
        Path two = Files.createDirectory(dir.resolve("two"));
        build(one, "app", "1", "lib", "(extra if flag)", "/usr/share/tool");
        build(one, "liba", "1", "x");
        provide(one, "libz", "1", "lib = 2");
        provide(one, "liby", "1", "lib = 1");
        build(one, "x", "1");
        build(one, "tool", "1");
        build(one, "flag", "1");
        build(one, "extra", "1");
        build(two, "x", "2");
        build(two, "newer", "1", "x >= 2");
        build(two, "extra", "3");
        for (Path repo : List.of(one, two)) {
            RepoWriter.write(repo);
        }
        for (List<String> wanted : List.of(
                List.of("app"),
                List.of("app", "flag"),
                List.of("newer"),
                List.of("x"),
                List.of("x", "newer"),
                List.of("extra", "app"))) {
            SolveRequest.Builder request = SolveRequest.builder("x86_64")
                    .addRepo(new SolveRepo("one", 10, RepoReader.read(one).packages()))
                    .addRepo(new SolveRepo("two", 20, RepoReader.read(two).packages()))
                    .install(wanted);
            assertThat(solve(request)).as(wanted.toString()).containsExactlyElementsOf(dnf(dir, one, two, wanted));
        }
    }

    private static void build(Path repo, String name, String version, String... requires) {
        RpmBuilder builder = dev.twoliter.rpm.Samples.small(name, version);
        Arrays.stream(requires).map(Relation::parse).forEach(builder::addRequires);
        builder.writeTo(repo.resolve(name + "-" + version + ".rpm"));
    }

    private static void provide(Path repo, String name, String version, String capability) {
        dev.twoliter.rpm.Samples.small(name, version)
                .addProvides(Relation.parse(capability))
                .writeTo(repo.resolve(name + "-" + version + ".rpm"));
    }

    private static List<String> dnf(Path dir, Path one, Path two, List<String> wanted) throws IOException {
        Path out = Files.createTempDirectory(dir, "out");
        List<Object> command = new ArrayList<>(List.of(
                "dnf",
                "-y",
                "--installroot",
                out.resolve("root"),
                "--setopt=cachedir=" + out.resolve("cache"),
                "--setopt=reposdir=/nonexistent",
                "--setopt=logdir=" + out,
                "--releasever=1",
                "--forcearch=x86_64",
                "--repofrompath",
                "one," + one,
                "--setopt=one.priority=10",
                "--repofrompath",
                "two," + two,
                "--setopt=two.priority=20",
                "--nogpgcheck",
                "--downloadonly",
                "--downloaddir",
                out.resolve("rpms"),
                "install"));
        command.addAll(wanted);
        Command.runIn(dir, Map.of(), command.toArray()).succeeded();
        try (var files = Files.list(out.resolve("rpms"))) {
            return files.map(file -> dev.twoliter.rpm.RpmPackage.open(file).nevra())
                    .sorted()
                    .map(Nevra::toString)
                    .toList();
        }
    }

    @Test
    void says_why_each_package_is_there() {
        Solution solution = PackageSolver.create()
                .solve(SolveRequest.builder("x86_64")
                        .addRepo(repo("kit", 10, "a-1-1.x86_64 | req: cap >= 2", "b-1-1.x86_64 | prov: cap = 3"))
                        .install("a")
                        .build());
        Chosen a = solution.packages().get(0);
        Chosen b = solution.packages().get(1);
        assertThat(a.because()).isEqualTo(new Reason.Requested("a"));
        assertThat(b.because()).isEqualTo(new Reason.Required(a.pkg(), "cap >= 2"));
        assertThat(b.because()).hasToString("a-1-1.x86_64 requires cap >= 2");
    }

    private static ResolutionException refusal(SolveRequest.Builder request) {
        return org.assertj.core.api.Assertions.catchThrowableOfType(
                ResolutionException.class, () -> PackageSolver.create().solve(request.build()));
    }

    @Test
    void a_clash_of_versions_names_both_sides_and_the_ways_there() {
        SolveRepo kit = repo(
                "kit",
                10,
                "a-1-1.x86_64 | req: mid",
                "mid-1-1.x86_64 | req: lib < 2",
                "b-1-1.x86_64 | req: lib >= 2",
                "lib-1-1.x86_64",
                "lib-2-1.x86_64");
        ResolutionException e = refusal(from(kit).install("a", "b"));
        assertThat(e)
                .hasMessage("only one lib can be chosen: b-1-1.x86_64 from kit needs lib >= 2, which is lib-2-1.x86_64"
                        + " from kit, but mid-1-1.x86_64 from kit needs lib < 2, which is lib-1-1.x86_64 from kit");
        assertThat(e.chains())
                .containsExactly(
                        "requested > b-1-1.x86_64 from kit > lib-2-1.x86_64 from kit",
                        "requested > a-1-1.x86_64 from kit > mid-1-1.x86_64 from kit > lib-1-1.x86_64 from kit");
    }

    @Test
    void what_is_only_there_for_another_architecture_is_not_taken() {
        SolveRepo kit = repo("kit", 10, "a-1-1.x86_64 | req: lib", "lib-1-1.i686", "b-1-1.aarch64");
        assertThat(refusal(from(kit).install("a"))).hasMessage("lib-1-1.i686 from kit is for another architecture");
        assertThat(refusal(from(kit).install("b"))).hasMessageContaining("no repository has it");
    }

    @Test
    void losers_say_by_what_they_lost() {
        SolveRepo mine = repo("mine", 10, "a-1-1.x86_64 | req: lib", "lib-1-1.x86_64", "lib-2-1.x86_64 | con: a");
        SolveRepo core = repo("core", 20, "a-2-1.x86_64", "other-1-1.x86_64 | prov: lib");
        Solution solution =
                PackageSolver.create().solve(from(core, mine).install("a").build());
        assertThat(solution.packages().get(0).losers())
                .extracting(Loser::toString)
                .containsExactly("a-2-1.x86_64 from core: mine has priority 10, core only 20");
        assertThat(solution.packages().get(1).losers())
                .extracting(Loser::toString)
                .containsExactly(
                        "lib-2-1.x86_64 from mine: it conflicts with a",
                        "other-1-1.x86_64 from core: mine has priority 10, core only 20");
    }

    @Test
    void weak_dependencies_and_best_count_on_request_only() {
        SolveRepo kit = repo(
                "kit",
                10,
                "a-1-1.x86_64 | rec: nice",
                "a-2-1.x86_64 | req: nothing",
                "nice-1-1.x86_64",
                "addon-1-1.x86_64 | sup: nice");
        assertThat(solve(from(kit).install("a"))).containsExactly("a-1-1.x86_64");
        assertThat(refusal(from(kit).install("a").best(true)))
                .hasMessageContaining("a-2-1.x86_64 from kit needs nothing")
                .hasMessageContaining("the best for a is a-2-1.x86_64 from kit");
        Solution weak = PackageSolver.create()
                .solve(from(kit).install("a").weakDependencies(true).build());
        assertThat(weak.packages())
                .extracting(chosen -> chosen.pkg().name() + ": " + chosen.because())
                .containsExactly(
                        "a: requested",
                        "addon: supplements nice, which is nice-1-1.x86_64",
                        "nice: a-1-1.x86_64 recommends nice");
    }

    @Test
    void features_of_the_metadata_package_choose_between_variants_of_a_package() {
        SolveRepo kit = repo(
                "kit",
                10,
                "kernel-1-1.x86_64 | req: (plain if feature(erofs) else squashed)",
                "plain-1-1.x86_64 | con: squashed",
                "squashed-1-1.x86_64");
        SolveRepo with = repo("variant", 1, "metadata-1-1.x86_64 | prov: feature(erofs)");
        SolveRepo without = repo("variant", 1, "metadata-1-1.x86_64 | prov: feature(no-erofs)");
        assertThat(solve(from(kit, with).install("metadata", "kernel"))).contains("plain-1-1.x86_64");
        assertThat(solve(from(kit, without).install("metadata", "kernel")))
                .contains("squashed-1-1.x86_64")
                .hasSize(3);
    }

    @Test
    void dependencies_that_nobody_could_follow_are_refused_not_followed() {
        StringBuilder wide = new StringBuilder("((v0 and w0)");
        List<String> packages = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            wide.append(i == 0 ? "" : " or (v" + i + " and w" + i + ")");
            packages.add("x" + i + "-1-1.x86_64 | prov: v" + i);
            packages.add("y" + i + "-1-1.x86_64 | prov: w" + i);
        }
        packages.add("a-1-1.x86_64 | req: " + wide + ")");
        assertThat(refusal(
                        from(repo("kit", 10, packages.toArray(String[]::new))).install("a")))
                .hasMessageContaining("too many combinations");

        RepoPackage broken = RepoPackage.builder(Nevra.parse("b-1-1.x86_64"))
                .add(RelationKind.REQUIRES, Relation.of("(a or"))
                .build();
        assertThat(refusal(from(new SolveRepo("kit", 10, List.of(broken))).install("b")))
                .hasMessageContaining("b-1-1.x86_64 from kit needs (a or");
        assertThat(refusal(from().install("(a or"))).hasMessageContaining("rich dependency");
    }
}
