package dev.twoliter.rpm;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.twoliter.api.KeyFile;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;

/** Packages for tests. */
public final class Samples {
    private Samples() {}

    /** A package with every kind of file. */
    public static RpmBuilder full() {
        byte[] noise = new byte[200_000];
        new Random(1).nextBytes(noise);
        return RpmBuilder.builder("hello-agent", "0.1.0~rc1", "1")
                .epoch(2)
                .arch("x86_64")
                .summary("Greets the machine – at boot")
                .description("Two lines,\nof <text> & more.")
                .license("Apache-2.0 OR MIT")
                .url("https://example.com/?a=1&b=2")
                .vendor("Acme")
                .buildTime(Instant.ofEpochSecond(1_700_000_000))
                .addRequires(Relation.parse("bottlerocket-release"))
                .addRequires(Relation.parse("libfoo >= 1:2.0"))
                .addRequires(Relation.parse("(a if b)"))
                .addProvides(Relation.parse("greeter = 3"))
                .addRelation(RelationKind.CONFLICTS, Relation.parse("old-agent < 2"))
                .addRelation(RelationKind.OBSOLETES, Relation.parse("older-agent"))
                .addRelation(RelationKind.RECOMMENDS, Relation.parse("docs"))
                .addRelation(RelationKind.SUGGESTS, Relation.parse("more-docs"))
                .add(RpmEntry.file("/usr/bin/hello", "#!/bin/sh\necho hello\n".getBytes(UTF_8))
                        .mode(0755))
                .add(RpmEntry.file("/usr/bin/su-hello", "x".getBytes(UTF_8)).mode(04755))
                .add(RpmEntry.file("/etc/hello.conf", "a = 1\n".getBytes(UTF_8))
                        .flag(FileFlag.CONFIG)
                        .flag(FileFlag.NO_REPLACE))
                .add(RpmEntry.file("/usr/share/doc/hello/README", "read\n".getBytes(UTF_8))
                        .flag(FileFlag.DOC))
                .add(RpmEntry.file("/usr/share/licenses/hello/LICENSE", "free\n".getBytes(UTF_8))
                        .flag(FileFlag.LICENSE))
                .add(RpmEntry.file("/usr/lib/hello/noise", noise))
                .add(RpmEntry.file("/usr/lib/hello/empty", new byte[0]))
                .add(RpmEntry.file("/usr/lib/hello/grüße", "ü".getBytes(UTF_8)))
                .add(RpmEntry.directory("/var/lib/hello").mode(0700))
                .add(RpmEntry.symlink("/usr/bin/hi", "hello"))
                .add(RpmEntry.ghost("/var/log/hello.log"));
    }

    /** A small package. */
    public static RpmBuilder small(String name, String version) {
        return RpmBuilder.builder(name, version, "1")
                .arch("x86_64")
                .summary(name)
                .license("MIT")
                .add(RpmEntry.file("/usr/share/" + name, name.getBytes(UTF_8)));
    }

    public static RpmSigner signer(Path directory, OpenPgpKeys.Algorithm algorithm) {
        Path secret = directory.resolve(algorithm + ".sec");
        OpenPgpKeys.generate(
                algorithm,
                "Test <test@example.com>",
                OpenPgpKeys.DEFAULT_CREATION,
                KeyFile.of(secret),
                directory.resolve(algorithm + ".pub"));
        return RpmSigner.open(KeyFile.of(secret));
    }
}
