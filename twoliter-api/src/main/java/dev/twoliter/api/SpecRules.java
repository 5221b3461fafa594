package dev.twoliter.api;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The rules of the specifications, in one place for builders and files. A problem's key is the key in the file. */
final class SpecRules {

    /** Upstream's ValidIdentifier: vendors, SDKs, kits (project-formats.md 1.2). */
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z0-9_-]+");

    /** What RPM takes as a name, and what is safe as a directory. */
    private static final Pattern PACKAGE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+-]*");

    /** RPM's characters for version and release. */
    private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9._+~^]+");

    private static final Pattern SHA512 = Pattern.compile("[0-9a-f]{128}");

    /** An SPDX licence expression, by its words (SPDX specification 2.3, annex D); identifiers are not looked up. */
    private static final Pattern LICENSE_WORD = Pattern.compile("[A-Za-z0-9.+:-]+");

    /** What file systems take, with room for what temporary files have around it. */
    private static final int MAX_FILE_NAME = 200;

    private static final String VARIANT = "package.metadata.build-variant.";

    private final List<Problem> problems = new ArrayList<>();
    private Subject subject;

    private SpecRules(Subject subject) {
        this.subject = subject;
    }

    static void check(List<Problem> problems) {
        if (!problems.isEmpty()) {
            throw new InvalidProjectException(problems);
        }
    }

    static List<Problem> of(PackageSpec spec) {
        SpecRules rules = new SpecRules(Subject.ofPackage(spec.name()));
        rules.name(PACKAGE, "package.name", "the name", spec.name());
        spec.declaration().ifPresent(rules::declaration);
        spec.sources().keySet().forEach(path -> rules.relative("sources", path));
        String key = "package.metadata.build-package.external-files";
        for (int i = 0; i < spec.externalFiles().size(); i++) {
            rules.externalFile(key + "[" + i + "].", spec.externalFiles().get(i));
        }
        rules.externalNames(key, spec.externalFiles());
        spec.groupSources().keySet().stream()
                .filter(path -> !cleanPath(path))
                .forEach(path -> rules.error(
                        "package.metadata.build-package.source-groups",
                        "'" + path + "' is not a path inside sources/"));
        return rules.problems;
    }

    static List<Problem> of(KitSpec spec) {
        SpecRules rules = new SpecRules(Subject.ofKit(spec.name()));
        rules.name(IDENTIFIER, "package.name", "the name", spec.name());
        if (!spec.vendor().isEmpty()) {
            rules.name(IDENTIFIER, "package.metadata.build-kit.vendor", "vendor", spec.vendor());
        }
        rules.unique("build-dependencies", spec.packages());
        rules.unique("build-dependencies", spec.kits());
        return rules.problems;
    }

    static List<Problem> of(VariantSpec spec) {
        SpecRules rules = new SpecRules(Subject.ofVariant(spec.name()));
        rules.variant(spec);
        return rules.problems;
    }

    static List<Problem> of(ProjectSpec spec) {
        SpecRules rules = new SpecRules(Subject.PROJECT);
        rules.project(spec);
        rules.references(spec);
        rules.crates(spec);
        return rules.problems;
    }

    // one entry of external-files (project-formats.md 4.3)

    private void externalFile(String key, ExternalFile file) {
        try {
            if (!new URI(file.url()).isAbsolute()) {
                error(key + "url", "'" + file.url() + "' is not a URL");
            }
        } catch (URISyntaxException e) {
            error(key + "url", "'" + file.url() + "' is not a URL: " + e.getReason());
        }
        if (!SHA512.matcher(file.sha512()).matches()) {
            error(key + "sha512", "a SHA-512 has 128 lower-case hexadecimal digits", "as sha512sum prints it");
        }
        if (!fileName(file.name())) {
            if (file.pathOrNull() != null) {
                error(key + "path", "'" + file.name() + "' is not the name of a file in the package directory");
            } else {
                error(
                        key + "url",
                        "'" + file.url() + "' does not end with the name of a file",
                        "say with path what it is called in the package directory");
            }
        }
        String root = file.bundleRootPathOrNull();
        if (root != null && !cleanPath(root.replaceFirst("/+$", ""))) {
            error(key + "bundle-root-path", "'" + root + "' is not a path inside the archive");
        }
        if (!file.bundleModules().isEmpty() && !fileName(file.bundleName())) {
            error(
                    key + "bundle-output-path",
                    "'" + file.bundleName() + "' is not the name of a file in the package directory");
        }
    }

    /** The same file may be named twice, to make two bundles of it; otherwise no name may stand for two things. */
    private void externalNames(String key, List<ExternalFile> files) {
        Map<String, String> contents = new HashMap<>();
        for (int i = 0; i < files.size(); i++) {
            ExternalFile file = files.get(i);
            String other = contents.putIfAbsent(file.name(), file.sha512());
            if (other != null && !other.equals(file.sha512())) {
                error(
                        key + "[" + i + "]." + (file.pathOrNull() == null ? "url" : "path"),
                        "another entry says that '" + file.name() + "' has a different sha512",
                        "give one of them another path, or make the digests the same");
            }
        }
        for (int i = 0; i < files.size(); i++) {
            ExternalFile file = files.get(i);
            if (!file.bundleModules().isEmpty() && contents.put(file.bundleName(), "a bundle") != null) {
                error(
                        key + "[" + i + "].bundle-output-path",
                        "'" + file.bundleName() + "' is the name of something else in this package already",
                        "choose another name");
            }
        }
    }

    private static boolean fileName(String name) {
        return !name.isEmpty()
                && name.length() <= MAX_FILE_NAME
                && !name.equals(".")
                && !name.equals("..")
                && name.chars().noneMatch(c -> c < ' ' || c == 127 || c == '/' || c == '\\');
    }

    // variants (project-formats.md 4.5 to 4.8, newer-twoliter.md 4)

    private void variant(VariantSpec spec) {
        if (!PACKAGE.matcher(spec.name()).matches()) {
            error("package.name", "'" + spec.name() + "' is not a name: use letters, digits, '.', '_' and '-'");
        }
        String[] parts = spec.name().split("-", -1);
        for (int i = 0; i < Math.max(2, Math.min(4, parts.length)); i++) {
            if (i >= parts.length || parts[i].isEmpty()) {
                error(
                        "package.name",
                        "the name is PLATFORM-RUNTIME[-VERSION[-FLAVOR]], such as metal-demo, and no part may be empty");
                break;
            }
        }
        spec.overrides().forEach((attribute, value) -> {
            String key = VARIANT + attribute.key();
            if (value.isEmpty()) {
                error(key, "the " + attribute.key() + " must not be empty", "leave the key out");
            } else if (value.chars().anyMatch(c -> c <= ' ' || c == '"' || c == '(' || c == ')')) {
                error(key, "the " + attribute.key() + " '" + value + "' has a blank, a quote or a parenthesis");
            }
        });
        unique(VARIANT + "included-packages", spec.packages());
        unique(VARIANT + "kits", spec.kits());
        ImageLayout layout = spec.imageLayout();
        range("os-image-size-gib", layout.osImageSizeGib(), 1);
        range("data-image-size-gib", layout.dataImageSizeGib(), 1);
        range("publish-image-size-hint-gib", layout.publishImageSizeHintGib(), 0);
        PartitionRules.of(layout)
                .forEach(found ->
                        error(VARIANT + "image-layout.partitions" + found.key(), found.message(), found.hint()));
        boot(spec);
        for (int i = 0; i < spec.kernelParameters().size(); i++) {
            String parameter = spec.kernelParameters().get(i);
            if (parameter.chars().anyMatch(c -> c < ' ' || c == '"')) {
                error(
                        VARIANT + "kernel-parameters[" + i + "]",
                        "kernel parameter '" + parameter + "' has a quote or a control character");
            }
        }
        spec.eifPcieFlags().ifPresent(flags -> {
            if (flags < 0 || flags > 0xFFFF) {
                error(VARIANT + "eif-pcie-flags", flags + " is not between 0 and 65535");
            }
        });
        conflicts(spec);
        guests(spec);
    }

    /** What a kind of image does not have cannot get another size either. */
    private void boot(VariantSpec spec) {
        List<String> absent = new ArrayList<>();
        if (spec.imageFormat() == ImageFormat.UKI) {
            absent.add("BOTTLEROCKET-BOOT-A");
        }
        if (spec.isStandalone()) {
            absent.addAll(List.of("BOTTLEROCKET-RESERVED-A", "BOTTLEROCKET-PRIVATE"));
        }
        List<PartitionSpec> partitions = spec.imageLayout().partitions();
        for (int i = 0; i < partitions.size(); i++) {
            String label = partitions.get(i).label();
            if (absent.contains(label)) {
                error(
                        VARIANT + "image-layout.partitions[" + i + "].label",
                        "an image of this kind has no partition " + label,
                        "leave it out");
            }
        }
        if (spec.imageFormat() == ImageFormat.EIF && !partitions.isEmpty()) {
            error(VARIANT + "image-layout.partitions", "an image of the format eif has no partitions but its own");
        }
    }

    /** In the order of upstream's validation, all of them. */
    private void conflicts(VariantSpec spec) {
        boolean eif = spec.imageFormat() == ImageFormat.EIF;
        if (spec.isStandalone()) {
            String why = eif ? "an image of the format eif" : "a standalone image";
            for (ImageFeature feature : List.of(
                    ImageFeature.XFS_DATA_PARTITION,
                    ImageFeature.UEFI_SECURE_BOOT,
                    ImageFeature.ENCRYPTED_STORAGE,
                    ImageFeature.EPHEMERAL_ENCRYPTION_KEYS,
                    ImageFeature.IN_PLACE_UPDATES,
                    ImageFeature.HOST_CONTAINERS)) {
                if (spec.has(feature)) {
                    feature(feature, why + " cannot have " + feature.key(), "leave it out");
                }
            }
            if (spec.imageLayout().partitionPlan() == ImageLayout.PartitionPlan.SPLIT) {
                error(
                        VARIANT + "image-layout.partition-plan",
                        why + " cannot have the partition-plan split",
                        "leave it out; unified is the default here");
            }
        }
        if (eif && !spec.has(ImageFeature.STANDALONE_IMAGE)) {
            feature(
                    ImageFeature.STANDALONE_IMAGE,
                    "an image of the format eif is always standalone",
                    "leave standalone-image out");
        }
        if (spec.imageFormat() == ImageFormat.UKI && !spec.isStandalone() && spec.has(ImageFeature.IN_PLACE_UPDATES)) {
            feature(
                    ImageFeature.IN_PLACE_UPDATES,
                    "an image of the format uki cannot have in-place-updates, which is on by default",
                    "write in-place-updates = false");
        }
        if (spec.has(ImageFeature.EPHEMERAL_ENCRYPTION_KEYS)) {
            if (!spec.has(ImageFeature.ENCRYPTED_STORAGE)) {
                feature(
                        ImageFeature.EPHEMERAL_ENCRYPTION_KEYS,
                        "ephemeral-encryption-keys needs encrypted-storage",
                        "write encrypted-storage = true");
            }
            if (spec.imageFormat() != ImageFormat.UKI) {
                feature(
                        ImageFeature.EPHEMERAL_ENCRYPTION_KEYS,
                        "ephemeral-encryption-keys needs an image of the format uki",
                        "write image-format = \"uki\"");
            }
        }
    }

    private void feature(ImageFeature feature, String message, String hint) {
        error(VARIANT + "image-features." + feature.key(), message, hint);
    }

    private void guests(VariantSpec spec) {
        if (spec.imageFormat() == ImageFormat.EIF && !spec.guestImages().isEmpty()) {
            error(VARIANT + "guest-images", "an image of the format eif cannot hold the images of guests");
        }
        spec.guestImages().forEach((guest, path) -> {
            String key = VARIANT + "guest-images." + guest;
            if (guest.equals(spec.name())) {
                error(key, "a variant cannot be a guest of itself");
            }
            if (!path.startsWith("/") || !cleanPath(path.substring(1)) || path.matches("(?s).*[:\n].*")) {
                error(key, "'" + path + "' is not an absolute path without '.', '..', '//', ':' and line breaks");
            }
        });
    }

    // the project (project-formats.md 1.2, newer-twoliter.md 1)

    private void project(ProjectSpec spec) {
        if (spec.dialect() != Dialect.DESIGN && spec.name().isPresent()) {
            error(
                    "project-name",
                    "only the design's dialect of Twoliter.toml has a project name",
                    "leave it out, or ask for Dialect.DESIGN");
        }
        if (spec.dialect() != Dialect.SCHEMA_2 && !spec.projectVendor().equals(ProjectSpec.DEFAULT_VENDOR)) {
            error(
                    "project-vendor",
                    "only schema 2 of Twoliter.toml has a project vendor",
                    "leave it out, or use schema 2");
        }
        if (spec.projectVendor().isBlank() || spec.projectVendor().chars().anyMatch(c -> c < ' ' || c == '"')) {
            error("project-vendor", "the project vendor must be a name without quotes or control characters");
        }
        spec.vendors().forEach((name, registry) -> {
            name(IDENTIFIER, "vendor." + name, "vendor", name);
            if (registry.isBlank() || registry.chars().anyMatch(c -> c <= ' ' || c == '"' || c == '\\')) {
                error(
                        "vendor." + name + ".registry",
                        "vendor '" + name + "': registry '" + registry
                                + "' is not host[:port]/path or oci:DIR without blanks, quotes and backslashes");
            }
        });
        spec.sdk()
                .ifPresent(sdk -> dependency("sdk", "SDK", sdk.name(), Optional.of(sdk.version()), sdk.vendor(), spec));
        for (int i = 0; i < spec.dependencies().size(); i++) {
            KitDependency kit = spec.dependencies().get(i);
            dependency("kit[" + i + "]", "kit", kit.name(), kit.version().exact(), kit.vendor(), spec);
        }
        unique(
                "kit",
                spec.dependencies().stream()
                        .map(d -> d.vendor() + "/" + d.name())
                        .toList());
        spec.trust().forEach((vendor, trust) -> {
            if (!spec.vendors().containsKey(vendor)) {
                trust(
                        "vendor." + vendor,
                        "vendor '" + vendor + "' is not defined",
                        "add [vendor." + vendor + "] to Twoliter.toml");
            }
            if (trust.policy() != TrustPolicy.OFF
                    && trust.imageKeys().isEmpty()
                    && trust.rpmKeys().isEmpty()) {
                trust(
                        "vendor." + vendor + ".policy",
                        "vendor '" + vendor + "' has the policy "
                                + trust.policy().name().toLowerCase(Locale.ROOT) + " but no keys",
                        "");
            }
        });
    }

    private void trust(String key, String message, String hint) {
        problems.add(new Problem(Problem.Severity.ERROR, "Twoliter.trust", 0, 0, key, message, hint));
    }

    private void references(ProjectSpec spec) {
        Set<String> packages = unique(
                "packages", spec.packages().stream().map(PackageSpec::name).toList());
        Set<String> kits =
                unique("kits", spec.kits().stream().map(KitSpec::name).toList());
        Set<String> variants = unique(
                "variants", spec.variants().stream().map(VariantSpec::name).toList());
        for (PackageSpec p : spec.packages()) {
            subject = Subject.ofPackage(p.name());
            known("build-dependencies", p.buildDependencies(), packages, kits);
            known("dependencies", p.dependencies(), packages, Set.of());
        }
        for (KitSpec kit : spec.kits()) {
            subject = Subject.ofKit(kit.name());
            known("build-dependencies", kit.packages(), packages, Set.of());
            known("build-dependencies", kit.kits(), kits, Set.of());
            if (kit.vendor().isEmpty()) {
                error(
                        "package.metadata.build-kit.vendor",
                        "vendor is missing",
                        "name one of the vendors of Twoliter.toml");
            }
        }
        for (VariantSpec variant : spec.variants()) {
            subject = Subject.ofVariant(variant.name());
            known("build-dependencies", variant.buildDependencies(), packages, kits);
            for (int i = 0; i < variant.kits().size(); i++) {
                String kit = variant.kits().get(i);
                if (!kit.contains("/") && !kits.contains(kit)) {
                    error(
                            VARIANT + "kits[" + i + "]",
                            "there is no kit '" + kit + "' in this project",
                            "an external kit is written VENDOR/NAME");
                }
            }
            for (String guest : variant.guestImages().keySet()) {
                if (!variants.contains(guest)) {
                    error(VARIANT + "guest-images." + guest, "there is no variant '" + guest + "' in this project");
                }
            }
        }
        subject = Subject.PROJECT;
        problems.addAll(Circles.of(spec));
    }

    /** Packages, kits and variants are Cargo packages of one workspace, whose names differ. */
    private void crates(ProjectSpec spec) {
        Map<String, Subject> crates = new HashMap<>();
        spec.packages().forEach(p -> crate(crates, p.crateName(), Subject.ofPackage(p.name())));
        spec.kits().forEach(k -> crate(crates, k.name(), Subject.ofKit(k.name())));
        spec.variants().forEach(v -> crate(crates, v.crateName(), Subject.ofVariant(v.name())));
    }

    private void crate(Map<String, Subject> crates, String crate, Subject owner) {
        Subject other = crates.putIfAbsent(crate, owner);
        // Two of the same name have been reported as such.
        if (other != null && !other.equals(owner)) {
            problems.add(Problem.error("package.name", "the Cargo name '" + crate + "' is that of " + other + " too")
                    .withHint("give one of them another name")
                    .of(owner));
        }
    }

    // package.toml (formats.md 3)

    private void declaration(Declaration d) {
        name(VERSION, "version", "version", d.version());
        name(VERSION, "release", "release", d.release());
        if (d.epoch() < 0 || d.epoch() > 0xFFFF_FFFFL) {
            error("epoch", "epoch must be between 0 and 4294967295");
        }
        if (!d.prefix().isEmpty()) {
            name(PACKAGE, "prefix", "prefix", d.prefix());
        }
        d.arch().ifPresent(arch -> {
            if (!Set.of("x86_64", "aarch64", "noarch").contains(arch)) {
                error("arch", "arch '" + arch + "' is none of x86_64, aarch64 and noarch");
            }
        });
        if (d.summary().isBlank() || d.summary().contains("\n")) {
            error("summary", "summary must be one line of text");
        }
        license(d.license());
        for (int i = 0; i < d.contents().size(); i++) {
            content("contents[" + i + "]", d.contents().get(i));
        }
        unique("contents", d.contents().stream().map(Content::dst).toList());
    }

    private void license(String license) {
        int depth = 0;
        boolean good = !license.isBlank();
        boolean operand = true;
        for (String word :
                license.replace("(", " ( ").replace(")", " ) ").trim().split("\\s+")) {
            switch (word) {
                case "(" -> {
                    good &= operand;
                    depth++;
                }
                case ")" -> {
                    good &= !operand && --depth >= 0;
                }
                case "AND", "OR", "WITH" -> {
                    good &= !operand;
                    operand = true;
                }
                default -> {
                    good &= operand && LICENSE_WORD.matcher(word).matches();
                    operand = false;
                }
            }
        }
        if (!good || operand || depth != 0) {
            error("license", "license '" + license + "' is not an SPDX expression", "such as Apache-2.0 OR MIT");
        }
    }

    private void content(String key, Content c) {
        if (!c.dst().startsWith("/")
                || c.dst().length() == 1
                || !cleanPath(c.dst().substring(1))) {
            error(key + ".dst", "dst '" + c.dst() + "' is not an absolute path without '.', '..' and '//'");
        }
        boolean needsSource = c.type() != ContentType.DIR && c.type() != ContentType.GHOST;
        if (needsSource == c.src().isEmpty()) {
            error(key + ".src", c.dst() + ": a " + c.type().key() + (needsSource ? " needs a src" : " has no src"));
        } else if (needsSource && c.type() != ContentType.SYMLINK) {
            relative(key + ".src", c.src());
        }
        Integer mode = c.modeOrNull();
        if (mode != null && (mode < 0 || mode > 07777)) {
            error(key + ".file_info.mode", c.dst() + ": mode must be between 0 and 0o7777");
        }
        name(PACKAGE, key + ".file_info.owner", c.dst() + ": owner", c.owner());
        name(PACKAGE, key + ".file_info.group", c.dst() + ": group", c.group());
    }

    private static boolean cleanPath(String path) {
        for (String part : path.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..") || part.indexOf('\0') >= 0) {
                return false;
            }
        }
        return true;
    }

    private void relative(String key, String path) {
        if (!cleanPath(path)) {
            error(key, "'" + path + "' is not a path inside the package directory");
        }
    }

    private void dependency(
            String key, String what, String image, Optional<SemVer> version, String vendor, ProjectSpec spec) {
        name(IDENTIFIER, key + ".name", what, image);
        version.filter(v -> !v.build().isEmpty())
                .ifPresent(v -> error(
                        key + ".version",
                        what + " '" + image + "': version " + v
                                + " has build metadata (+), which no image tag can hold"));
        if (!spec.vendors().containsKey(vendor)) {
            error(
                    key + ".vendor",
                    what + " '" + image + "': vendor '" + vendor + "' is not defined",
                    "add [vendor." + vendor + "] with its registry");
        }
    }

    private void known(String table, List<String> names, Set<String> some, Set<String> others) {
        for (String name : names) {
            if (!some.contains(name) && !others.contains(name)) {
                error(table + "." + name, "there is no package or kit '" + name + "' in this project");
            }
        }
    }

    private void name(Pattern form, String key, String what, String value) {
        if (!form.matcher(value).matches()) {
            error(key, value.isEmpty() ? what + " must not be empty" : what + ": '" + value + "' is not allowed here");
        }
    }

    private void range(String key, int value, int least) {
        if (value < least || value > 65535) {
            error(VARIANT + "image-layout." + key, value + " is not between " + least + " and 65535");
        }
    }

    private Set<String> unique(String key, List<String> names) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < names.size(); i++) {
            if (!seen.add(names.get(i))) {
                error(key + "[" + i + "]", "'" + names.get(i) + "' is listed twice");
            }
        }
        return seen;
    }

    private void error(String key, String message) {
        error(key, message, "");
    }

    private void error(String key, String message, String hint) {
        problems.add(Problem.error(key, message).withHint(hint).of(subject));
    }
}
