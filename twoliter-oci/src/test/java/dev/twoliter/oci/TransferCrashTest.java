package dev.twoliter.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.twoliter.api.Environment;
import dev.twoliter.api.RegistryException;
import dev.twoliter.api.StorageException;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.DockerRegistry;
import dev.twoliter.testing.FaultProxy;
import dev.twoliter.testing.FaultProxy.CutRequest;
import dev.twoliter.testing.FaultProxy.CutResponse;
import dev.twoliter.testing.FaultProxy.Pass;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Cuts, killed processes and full disks with the real registry: what is stored is good, and the next run completes it. */
@Peer("docker-registry")
@Timeout(120)
class TransferCrashTest {

    @TempDir
    Path directory;

    private DockerRegistry registry;
    private FaultProxy proxy;
    private ImageStore store;
    private Path mounted;

    private void start(Path data) throws Exception {
        registry = DockerRegistry.start(directory, data, "");
        proxy = FaultProxy.before(registry.host());
        store = ImageStore.open(
                proxy.host(),
                StoreOptions.builder()
                        .environment(Environment.of(Map.of("HOME", directory.toString()), directory))
                        .retryPolicy(new RetryPolicy(4, Duration.ofMillis(1), Duration.ofMillis(20)))
                        .build());
    }

    @AfterEach
    void stop() throws IOException {
        if (store != null) {
            store.close();
            proxy.close();
            registry.close();
        }
        if (mounted != null) {
            Command.output("umount", "-l", mounted);
        }
    }

    private static void assertGood(Repository repository, List<BlobUpload> blobs) throws IOException {
        for (BlobUpload blob : blobs) {
            try (InputStream in = repository.blob(blob.descriptor())) {
                in.transferTo(OutputStream.nullOutputStream());
            }
        }
    }

    @Test
    void transfers_that_are_cut_at_every_tenth_are_completed() throws Exception {
        start(directory.resolve("data"));
        Repository repository = store.repository("x");
        int size = 1_000_000;
        for (int tenth = 0; tenth < 10; tenth++) {
            byte[] bytes = TransferFaultsTest.noise(tenth, size);
            Descriptor blob = Descriptor.of(MediaTypes.LAYER_TAR, bytes);
            long at = tenth * (size / 10);
            AtomicInteger once = new AtomicInteger(1);
            proxy.reset();
            proxy.faults = seen -> seen.isBlobWrite() && once.getAndDecrement() > 0 ? new CutRequest(at) : new Pass();
            repository.pushBlob(blob, BlobSource.of(bytes));
            // This registry does not go on with an upload that was cut: it gets all of it once more, and now and then
            // says
            // too late that it has given the first one up.
            assertThat(proxy.uploaded.get()).isBetween(at + size, at + 2L * size);

            AtomicInteger again = new AtomicInteger(1);
            proxy.faults = seen -> seen.isBlobRead() && again.getAndDecrement() > 0 ? new CutResponse(at) : new Pass();
            try (InputStream in = repository.blob(blob)) {
                assertThat(in.readAllBytes()).isEqualTo(bytes);
            }
            assertThat(proxy.downloaded.get()).isEqualTo(size);
        }
    }

    @Test
    void a_push_whose_process_was_killed_is_completed_by_the_next_in_little_memory() throws Exception {
        start(directory.resolve("data"));
        int count = 40;
        long size = 4_000_000;
        Path log = directory.resolve("child.log");
        Process child = ChildJvm.start(
                log, List.of("-Xmx40m", "-XX:+UseSerialGC"), PushMain.class, proxy.host(), directory, count, size);
        while (child.isAlive() && proxy.uploaded.get() < count * size / 3) {
            Thread.sleep(5);
        }
        child.destroyForcibly().waitFor();
        assertThat(child.exitValue()).as(Files.readString(log)).isEqualTo(137);
        Thread.sleep(300);

        Repository repository = store.repository("x");
        List<BlobUpload> blobs = PushMain.blobs(count, size);
        List<BlobUpload> stored = blobs.stream()
                .filter(blob -> repository.has(blob.descriptor().digest()))
                .toList();
        assertThat(stored).isNotEmpty().hasSizeLessThan(count);
        assertGood(repository, stored);

        proxy.reset();
        child = ChildJvm.start(
                log, List.of("-Xmx40m", "-XX:+UseSerialGC"), PushMain.class, proxy.host(), directory, count, size);
        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(child.exitValue()).as(Files.readString(log)).isZero();
        assertThat(proxy.uploaded.get()).isEqualTo((count - stored.size()) * size);
        assertGood(repository, blobs);
    }

    private static boolean isThere(Repository repository, BlobUpload blob) {
        try {
            return repository.has(blob.descriptor().digest());
        } catch (RegistryException e) {
            return false;
        }
    }

    private Path smallDisk(int megabytes) throws IOException {
        Path disk = Files.createDirectory(directory.resolve("disk"));
        Command mount = Command.run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "none", disk);
        assumeThat(mount.exit()).as("only root can mount a small disk").isZero();
        mounted = disk;
        return disk;
    }

    @Test
    void a_registry_whose_disk_is_full_says_so_and_the_next_push_transfers_what_is_missing() throws Exception {
        start(smallDisk(10));
        Repository repository = store.repository("x");
        List<BlobUpload> blobs = PushMain.blobs(10, 2_000_000);
        assertThatThrownBy(() -> repository.pushBlobs(blobs))
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.retryable()).isTrue());
        // This registry may be left with an entry of which it can say nothing but 500; it is mended by a new upload.
        List<BlobUpload> stored =
                blobs.stream().filter(blob -> isThere(repository, blob)).toList();
        assertGood(repository, stored);
        Command.output("mount", "-o", "remount,size=200m", mounted);
        proxy.reset();
        repository.pushBlobs(blobs);
        assertThat(proxy.uploaded.get()).isEqualTo((10 - stored.size()) * 2_000_000L);
        assertGood(repository, blobs);
    }

    @Test
    void a_layout_on_a_full_disk_keeps_nothing_by_halves() throws Exception {
        Path disk = smallDisk(5);
        try (ImageStore layouts =
                ImageStore.open("oci:" + disk, StoreOptions.builder().build())) {
            Repository repository = layouts.repository("kit");
            List<BlobUpload> blobs = PushMain.blobs(4, 2_000_000);
            assertThatThrownBy(() -> repository.pushBlobs(blobs)).isInstanceOf(StorageException.class);
            List<Path> files = new ArrayList<>();
            try (Stream<Path> tree = Files.walk(disk)) {
                tree.filter(Files::isRegularFile).forEach(files::add);
            }
            assertThat(files).hasSize(2).allMatch(file -> file.toString().contains("/blobs/sha256/"));
            Command.output("mount", "-o", "remount,size=50m", disk);
            repository.pushBlobs(blobs);
            assertGood(repository, blobs);
        }
    }
}
