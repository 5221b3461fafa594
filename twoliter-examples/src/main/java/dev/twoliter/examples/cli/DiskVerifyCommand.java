package dev.twoliter.examples.cli;

import dev.twoliter.api.Twoliter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code twoliter disk verify}: reads all of a disk image and checks it. */
@Command(
        name = "verify",
        description = {
            "Reads all of a disk image: both partition tables, all checksums and contents of its file systems,",
            "all blocks under dm-verity; status 1 if anything is damaged."
        })
final class DiskVerifyCommand implements Callable<Integer> {

    private final TwoliterCommand twoliter;

    @Parameters(paramLabel = "FILE", description = "A raw disk, qcow2 or VMDK image, or a single file system.")
    private @Nullable Path file;

    DiskVerifyCommand(TwoliterCommand twoliter) {
        this.twoliter = twoliter;
    }

    @Override
    public Integer call() {
        return DiskInspectCommand.answer(twoliter, Twoliter.verifyDisk(Objects.requireNonNull(file)));
    }
}
