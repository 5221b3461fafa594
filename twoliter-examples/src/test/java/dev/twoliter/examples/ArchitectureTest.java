package dev.twoliter.examples;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of the house, over the packaged jars. */
class ArchitectureTest {

    private static final List<String> LIBRARY =
            List.of("twoliter-api", "twoliter-rpm", "twoliter-oci", "twoliter-core");
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .importJars(LIBRARY.stream().map(ArchitectureTest::open).toArray(JarFile[]::new));

    private static Path jar(String artifact) {
        try (Stream<Path> jars = Files.list(Lib.DIRECTORY)) {
            return jars.filter(file -> file.getFileName().toString().startsWith(artifact + "-0"))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new AssertionError("the jars are packaged before the tests run", e);
        }
    }

    private static JarFile open(String artifact) {
        try {
            return new JarFile(jar(artifact).toFile());
        } catch (IOException e) {
            throw new AssertionError(artifact + " cannot be read", e);
        }
    }

    @Test
    void every_module_has_been_looked_at() {
        assertThat(CLASSES)
                .extracting(JavaClass::getPackageName)
                .contains(
                        "dev.twoliter.api",
                        "dev.twoliter.rpm",
                        "dev.twoliter.oci",
                        "dev.twoliter.core.internal.disk.erofs");
    }

    @Test
    void the_library_neither_prints_nor_ends_the_jvm() {
        noClasses().should().callMethod(System.class, "exit", int.class).check(CLASSES);
        noClasses().should().accessField(System.class, "out").check(CLASSES);
        noClasses().should().accessField(System.class, "err").check(CLASSES);
        noClasses().should().callMethod(Throwable.class, "printStackTrace").check(CLASSES);
    }

    @Test
    void the_library_leaves_the_settings_of_the_jvm_alone() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.util.logging..")
                .check(CLASSES);
        noClasses()
                .should()
                .callMethod(java.security.Security.class, "addProvider", java.security.Provider.class)
                .check(CLASSES);
        noClasses()
                .should()
                .callMethod(Runtime.class, "addShutdownHook", Thread.class)
                .check(CLASSES);
    }

    @Test
    void the_api_needs_the_jdk_and_nothing_else() {
        classes()
                .that()
                .resideInAPackage("dev.twoliter.api..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage("dev.twoliter.api..", "java..", "org.jspecify.annotations"))
                .check(CLASSES);
    }

    @Test
    void rpm_and_oci_do_not_know_each_other_nor_what_is_built_on_them() {
        noClasses()
                .that()
                .resideInAPackage("dev.twoliter.rpm..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.twoliter.oci..", "dev.twoliter.core..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("dev.twoliter.oci..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.twoliter.rpm..", "dev.twoliter.core..")
                .check(CLASSES);
    }

    @ParameterizedTest
    @CsvSource({
        "project, graph resolve engine kit disk variant publish run scaffold",
        "graph, resolve plan engine kit disk variant publish run scaffold",
        "scaffold, graph resolve plan run engine kit disk variant publish",
        "resolve, plan engine kit disk variant publish run",
        "disk, project resolve plan run engine kit boot kmod image variant publish",
        "boot, project resolve plan run engine kit image variant publish",
        "kmod, project resolve plan run engine kit disk boot image variant publish",
        "image, project resolve run engine kit variant publish",
        "kit, variant publish",
        "variant, publish",
        "engine, kit variant publish",
        "io, project resolve sources plan run engine kit disk variant publish",
        "sources, project graph resolve plan run engine kit disk variant publish",
    })
    void lower_floors_of_core_do_not_know_higher_ones(String floor, String above) {
        String[] packages = Stream.of(above.split(" "))
                .map(name -> "dev.twoliter.core.internal." + name + "..")
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage("dev.twoliter.core.internal." + floor + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages)
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void what_is_exported_names_no_foreign_types() {
        Set<String> exported = new TreeSet<>();
        for (String artifact : LIBRARY) {
            descriptor(jar(artifact)).exports().stream()
                    .filter(export -> !export.isQualified())
                    .forEach(export -> exported.add(export.source()));
        }
        assertThat(exported)
                .noneMatch(name -> name.contains(".internal"))
                .contains("dev.twoliter.api", "dev.twoliter.oci", "dev.twoliter.rpm");
        classes()
                .that()
                .resideInAnyPackage(exported.toArray(String[]::new))
                .and()
                .arePublic()
                .should(nameOnly(exported))
                .check(CLASSES);
    }

    /** In the public and protected members of a class. */
    private static ArchCondition<JavaClass> nameOnly(Set<String> exported) {
        return new ArchCondition<>("name only types of the JDK and of exported packages") {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                Stream<JavaClass> methods = item.getCodeUnits().stream()
                        .filter(member -> isVisible(member.getModifiers()))
                        .flatMap(member -> Stream.concat(
                                member.getAllInvolvedRawTypes().stream(), member.getExceptionTypes().stream()));
                Stream<JavaClass> fields = item.getFields().stream()
                        .filter(member -> isVisible(member.getModifiers()))
                        .flatMap(member -> member.getAllInvolvedRawTypes().stream());
                Stream.concat(methods, fields)
                        .map(JavaClass::getBaseComponentType)
                        .filter(type -> !type.isPrimitive())
                        .filter(type -> !exported.contains(type.getPackageName()))
                        .filter(resideOutsideOfPackages("java..", "org.jspecify.annotations"))
                        .forEach(type -> events.add(
                                SimpleConditionEvent.violated(item, item.getName() + " names " + type.getName())));
            }
        };
    }

    private static boolean isVisible(Set<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
    }

    @Test
    void what_is_internal_is_lent_to_our_own_modules_only() {
        for (String artifact : LIBRARY) {
            descriptor(jar(artifact)).exports().stream()
                    .filter(ModuleDescriptor.Exports::isQualified)
                    .forEach(export -> assertThat(export.targets())
                            .as(export.source())
                            .allMatch(target -> target.startsWith("dev.twoliter.")));
        }
    }

    @Test
    void core_exports_nothing() {
        assertThat(descriptor(jar("twoliter-core")).exports()).isEmpty();
    }

    @Test
    void services_are_the_same_on_the_class_path_as_on_the_module_path() throws IOException {
        for (String artifact : LIBRARY) {
            Path jar = jar(artifact);
            Set<String> modular = new TreeSet<>();
            descriptor(jar)
                    .provides()
                    .forEach(service ->
                            service.providers().forEach(provider -> modular.add(service.service() + " " + provider)));
            assertThat(classPathServices(jar)).as(artifact).isEqualTo(modular);
        }
        assertThat(descriptor(jar("twoliter-core")).provides())
                .extracting(ModuleDescriptor.Provides::service)
                .contains("dev.twoliter.api.spi.TwoliterRuntime");
    }

    private static Set<String> classPathServices(Path jar) throws IOException {
        Set<String> found = new TreeSet<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                if (entry.getName().matches("META-INF/services/[^/]+")) {
                    String service = entry.getName().substring("META-INF/services/".length());
                    new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .filter(line -> !line.isBlank() && !line.startsWith("#"))
                            .forEach(line -> found.add(service + " " + line.strip()));
                }
            }
        }
        return found;
    }

    private static ModuleDescriptor descriptor(Path jar) {
        return ModuleFinder.of(jar).findAll().iterator().next().descriptor();
    }

    @Test
    void every_package_says_what_it_is_for() throws IOException {
        for (String module : LIBRARY) {
            Path sources = Lib.ROOT.resolve(module + "/src/main/java");
            try (Stream<Path> files = Files.walk(sources)) {
                assertThat(files.filter(file -> file.toString().endsWith(".java"))
                                .filter(file -> !file.endsWith("module-info.java"))
                                .map(Path::getParent)
                                .distinct())
                        .allSatisfy(directory -> assertThat(directory.resolve("package-info.java"))
                                .content()
                                .contains("/**", "@NullMarked"));
            }
        }
    }

    @Test
    void no_pom_names_a_repository() throws IOException {
        try (Stream<Path> files = Files.walk(Lib.ROOT, 2)) {
            assertThat(files.filter(file -> file.endsWith("pom.xml")))
                    .hasSize(6)
                    .allSatisfy(pom -> assertThat(Files.readString(pom)).doesNotContain("<repositor"));
        }
    }
}
