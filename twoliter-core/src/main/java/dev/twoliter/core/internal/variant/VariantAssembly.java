package dev.twoliter.core.internal.variant;

import dev.twoliter.api.Digest;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.spi.StepScope;
import dev.twoliter.core.internal.disk.tree.Tree;
import dev.twoliter.core.internal.image.Artefacts;
import dev.twoliter.core.internal.image.ImageNames;
import dev.twoliter.core.internal.image.VariantDisk;
import dev.twoliter.core.internal.io.AtomicFiles;
import dev.twoliter.core.internal.plan.ProjectPaths;
import dev.twoliter.core.internal.plan.Work;
import dev.twoliter.core.internal.run.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Builds a variant, one stage after the other. Used once. */
public final class VariantAssembly {

    private final Work.Variant work;
    private final ProjectPaths paths;
    private final StepScope scope;
    private final Results results;
    private final KmodKit.Sdk sdk;

    /**
     * Prepares a variant.
     *
     * @param work what it is made of
     * @param paths the project
     * @param scope where to, and whom to tell
     * @param results where its packages and kits are
     * @param sdk whose toolchain comes with the image
     */
    public VariantAssembly(Work.Variant work, ProjectPaths paths, StepScope scope, Results results, KmodKit.Sdk sdk) {
        this.work = work;
        this.paths = paths;
        this.scope = scope;
        this.results = results;
        this.sdk = sdk;
    }

    /** Builds it; returns the digests of the files that were hashed while they were written. */
    public Map<String, Digest> run() {
        ImageNames names = ImageNames.of(work.variant().name(), work.arch(), work.stamp());
        Path output = scope.output().resolve(names.directory());
        Path scratch = scope.output().resolve(".scratch");
        try {
            Files.createDirectories(output);
            Files.createDirectories(scratch);
            scope.progress("composing the kits");
            Composite composite =
                    Composite.create(work, paths.composite(work.variant().name(), work.arch()), paths, results);
            scope.progress("choosing the packages");
            InstalledPackages installed = PackageChoice.choose(work, composite);
            installed.verify(scope.cancellation());
            installed.writeTo(output);
            scope.progress("unpacking " + installed.packages().size() + " packages");
            GuestImages guests = GuestImages.of(work, results);
            Inventory inventory = new Inventory(installed, work.stamp(), guests.inventories());
            inventory.writeTo(output);
            Tree root = RootTree.unpack(work, installed, inventory, guests, scratch, scope);
            scope.progress("writing the disk");
            Artefacts artefacts = new Artefacts(names, output, scope::progress, scope.cancellation());
            new VariantDisk(work, names, paths, output, scratch, scope, artefacts)
                    .write(root, installed.packages().size());
            Migrations.write(work, composite, scratch, artefacts);
            KmodKit.write(work, composite, sdk, artefacts, scope::warn);
            Files.createSymbolicLink(scope.output().resolve("latest"), Path.of(names.directory()));
            Map<String, Digest> known = new HashMap<>();
            artefacts.digests().forEach((file, digest) -> known.put(names.directory() + "/" + file, digest));
            return known;
        } catch (IOException e) {
            throw StorageException.of("write", output, e);
        } finally {
            AtomicFiles.deleteTree(scratch);
        }
    }
}
