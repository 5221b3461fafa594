package dev.twoliter.api;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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

    /** An SPDX licence expression, by its words (SPDX specification 2.3, annex D); identifiers are not looked up. */
    private static final Pattern LICENSE_WORD = Pattern.compile("[A-Za-z0-9.+:-]+");

    private final List<Problem> problems = new ArrayList<>();

    private SpecRules() {}

    static void check(List<Problem> problems) {
        if (!problems.isEmpty()) {
            throw new InvalidProjectException(problems);
        }
    }

    static List<Problem> of(PackageSpec spec) {
        SpecRules rules = new SpecRules();
        String who = "package '" + spec.name() + "'";
        rules.name(PACKAGE, "package.name", who, spec.name());
        spec.declaration().ifPresent(d -> rules.declaration(who, d));
        spec.sources().keySet().forEach(path -> rules.relative("sources", who, path));
        spec.groupSources().keySet().stream()
                .filter(path -> !cleanPath(path))
                .forEach(path -> rules.error(
                        "package.metadata.build-package.source-groups",
                        who + ": '" + path + "' is not a path inside sources/"));
        return rules.problems;
    }

    static List<Problem> of(KitSpec spec) {
        SpecRules rules = new SpecRules();
        String who = "kit '" + spec.name() + "'";
        rules.name(IDENTIFIER, "package.name", who, spec.name());
        if (!spec.vendor().isEmpty()) {
            rules.name(IDENTIFIER, "package.metadata.build-kit.vendor", who + ": vendor", spec.vendor());
        }
        rules.unique("build-dependencies", who, spec.packages());
        rules.unique("build-dependencies", who, spec.kits());
        return rules.problems;
    }

    static List<Problem> of(VariantSpec spec) {
        SpecRules rules = new SpecRules();
        String who = "variant '" + spec.name() + "'";
        String table = "package.metadata.build-variant.";
        if (!PACKAGE.matcher(spec.name()).matches()) {
            rules.error("package.name", who + ": use letters, digits, '.', '_' and '-'");
        }
        String[] parts = spec.name().split("-", -1);
        for (int i = 0; i < Math.max(2, Math.min(4, parts.length)); i++) {
            if (i >= parts.length || parts[i].isEmpty()) {
                rules.error(
                        "package.name",
                        who + ": the name is PLATFORM-RUNTIME[-VERSION[-FLAVOR]], such as metal-demo, and no part may"
                                + " be empty");
                break;
            }
        }
        rules.unique(table + "included-packages", who, spec.packages());
        rules.unique(table + "kits", who, spec.kits());
        ImageLayout layout = spec.imageLayout();
        rules.range(table + "image-layout.os-image-size-gib", who, layout.osImageSizeGib(), 1);
        rules.range(table + "image-layout.data-image-size-gib", who, layout.dataImageSizeGib(), 1);
        rules.range(table + "image-layout.publish-image-size-hint-gib", who, layout.publishImageSizeHintGib(), 0);
        for (String parameter : spec.kernelParameters()) {
            if (parameter.chars().anyMatch(c -> c < ' ' || c == '"')) {
                rules.error(
                        table + "kernel-parameters",
                        who + ": kernel parameter '" + parameter + "' has a quote or a control character");
            }
        }
        return rules.problems;
    }

    static List<Problem> of(ProjectSpec spec) {
        SpecRules rules = new SpecRules();
        rules.project(spec);
        return rules.problems;
    }

    private void project(ProjectSpec spec) {
        if (spec.dialect() != Dialect.DESIGN && spec.name().isPresent()) {
            problems.add(Problem.error("project-name", "only the design's dialect of Twoliter.toml has a project name")
                    .withHint("leave it out, or ask for Dialect.DESIGN"));
        }
        if (spec.dialect() != Dialect.SCHEMA_2 && !spec.projectVendor().equals(ProjectSpec.DEFAULT_VENDOR)) {
            problems.add(Problem.error("project-vendor", "only schema 2 of Twoliter.toml has a project vendor")
                    .withHint("leave it out, or use schema 2"));
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
                "the project",
                spec.dependencies().stream()
                        .map(d -> d.vendor() + "/" + d.name())
                        .toList());
        spec.trust().forEach((vendor, trust) -> {
            if (!spec.vendors().containsKey(vendor)) {
                undefined(
                        "vendor." + vendor,
                        "Twoliter.trust: vendor",
                        vendor,
                        "[vendor." + vendor + "] in Twoliter.toml");
            }
            if (trust.policy() != TrustPolicy.OFF
                    && trust.imageKeys().isEmpty()
                    && trust.rpmKeys().isEmpty()) {
                error(
                        "vendor." + vendor + ".policy",
                        "Twoliter.trust: vendor '" + vendor + "' has the policy "
                                + trust.policy().name().toLowerCase(java.util.Locale.ROOT) + " but no keys");
            }
        });
        references(spec);
    }

    private void references(ProjectSpec spec) {
        Set<String> packages = unique(
                "packages",
                "the project",
                spec.packages().stream().map(PackageSpec::name).toList());
        Set<String> kits = unique(
                "kits", "the project", spec.kits().stream().map(KitSpec::name).toList());
        unique(
                "variants",
                "the project",
                spec.variants().stream().map(VariantSpec::name).toList());
        for (PackageSpec p : spec.packages()) {
            known("package '" + p.name() + "'", p.buildDependencies(), packages, kits);
            known("package '" + p.name() + "'", p.dependencies(), packages, Set.of());
        }
        for (KitSpec kit : spec.kits()) {
            known("kit '" + kit.name() + "'", kit.packages(), packages, Set.of());
            known("kit '" + kit.name() + "'", kit.kits(), kits, Set.of());
            if (kit.vendor().isEmpty()) {
                problems.add(Problem.error(
                                "package.metadata.build-kit.vendor", "kit '" + kit.name() + "': vendor is missing")
                        .withHint("name one of the vendors of Twoliter.toml"));
            }
        }
        for (VariantSpec variant : spec.variants()) {
            String who = "variant '" + variant.name() + "'";
            known(who, variant.buildDependencies(), packages, kits);
            for (String kit : variant.kits()) {
                if (!kit.contains("/") && !kits.contains(kit)) {
                    undefined(
                            "package.metadata.build-variant.kits",
                            who + ": kit",
                            kit,
                            "kits/" + kit + "; an external kit is written VENDOR/NAME");
                }
            }
        }
    }

    private void declaration(String who, Declaration d) {
        name(VERSION, "version", who + ": version", d.version());
        name(VERSION, "release", who + ": release", d.release());
        if (d.epoch() < 0 || d.epoch() > 0xFFFF_FFFFL) {
            error("epoch", who + ": epoch must be between 0 and 4294967295");
        }
        if (!d.prefix().isEmpty()) {
            name(PACKAGE, "prefix", who + ": prefix", d.prefix());
        }
        d.arch().ifPresent(arch -> {
            if (!Set.of("x86_64", "aarch64", "noarch").contains(arch)) {
                error("arch", who + ": arch '" + arch + "' is none of x86_64, aarch64 and noarch");
            }
        });
        if (d.summary().isBlank() || d.summary().contains("\n")) {
            error("summary", who + ": summary must be one line of text");
        }
        license(who, d.license());
        for (int i = 0; i < d.contents().size(); i++) {
            content("contents[" + i + "]", who, d.contents().get(i));
        }
        unique("contents", who, d.contents().stream().map(Content::dst).toList());
    }

    private void license(String who, String license) {
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
            problems.add(Problem.error("license", who + ": license '" + license + "' is not an SPDX expression")
                    .withHint("such as Apache-2.0 OR MIT"));
        }
    }

    private void content(String key, String who, Content c) {
        if (!c.dst().startsWith("/")
                || c.dst().length() == 1
                || !cleanPath(c.dst().substring(1))) {
            error(key + ".dst", who + ": dst '" + c.dst() + "' is not an absolute path without '.', '..' and '//'");
        }
        boolean needsSource = c.type() != ContentType.DIR && c.type() != ContentType.GHOST;
        if (needsSource == c.src().isEmpty()) {
            error(
                    key + ".src",
                    who + ": " + c.dst() + ": a " + c.type().key() + (needsSource ? " needs a src" : " has no src"));
        } else if (needsSource && c.type() != ContentType.SYMLINK) {
            relative(key + ".src", who, c.src());
        }
        Integer mode = c.modeOrNull();
        if (mode != null && (mode < 0 || mode > 07777)) {
            error(key + ".file_info.mode", who + ": " + c.dst() + ": mode must be between 0 and 0o7777");
        }
        name(PACKAGE, key + ".file_info.owner", who + ": " + c.dst() + ": owner", c.owner());
        name(PACKAGE, key + ".file_info.group", who + ": " + c.dst() + ": group", c.group());
    }

    private static boolean cleanPath(String path) {
        for (String part : path.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..") || part.indexOf('\0') >= 0) {
                return false;
            }
        }
        return true;
    }

    private void relative(String key, String who, String path) {
        if (!cleanPath(path)) {
            error(key, who + ": '" + path + "' is not a path inside the package directory");
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
            undefined(
                    key + ".vendor",
                    what + " '" + image + "': vendor",
                    vendor,
                    "[vendor." + vendor + "] with its registry");
        }
    }

    private void known(String who, List<String> names, Set<String> some, Set<String> others) {
        for (String name : names) {
            if (!some.contains(name) && !others.contains(name)) {
                error(
                        "build-dependencies." + name,
                        who + ": there is no package or kit '" + name + "' in this project");
            }
        }
    }

    private void undefined(String key, String what, String name, String hint) {
        problems.add(Problem.error(key, what + " '" + name + "' is not defined").withHint("add " + hint));
    }

    private void name(Pattern form, String key, String what, String value) {
        if (!form.matcher(value).matches()) {
            error(key, value.isEmpty() ? what + " must not be empty" : what + ": '" + value + "' is not allowed here");
        }
    }

    private void range(String key, String who, int value, int least) {
        if (value < least || value > 65535) {
            error(key, who + ": " + value + " is not between " + least + " and 65535");
        }
    }

    private Set<String> unique(String key, String who, List<String> names) {
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (!seen.add(name)) {
                error(key, who + ": '" + name + "' is listed twice");
            }
        }
        return seen;
    }

    private void error(String key, String message) {
        problems.add(Problem.error(key, message));
    }
}
