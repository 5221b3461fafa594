package dev.twoliter.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which partitions of their own maintainers can have. */
class PartitionRulesTest {

    private static ProjectSpec spec(UnaryOperator<VariantSpec.Builder> variant) {
        return ProjectSpec.builder()
                .releaseVersion("1.0.0")
                .vendor("acme", "registry.example/os")
                .addPackage("hello", p -> p.version("1").summary("Says hello").license("MIT"))
                .addKit("kit", k -> k.packages("hello"))
                .addVariant("metal-demo", v -> variant.apply(v.kits("kit").packages("hello")))
                .build();
    }

    private static ProjectSpec with(PartitionSpec... partitions) {
        return spec(v -> v.layout(l -> {
            ImageLayout layout = l;
            for (PartitionSpec partition : partitions) {
                layout = layout.partition(partition);
            }
            return layout;
        }));
    }

    private static Problem problem(Runnable build) {
        InvalidProjectException e = catchThrowableOfType(InvalidProjectException.class, build::run);
        assertThat(e).isNotNull();
        assertThat(e.problems()).hasSize(1);
        return e.problems().get(0);
    }

    private static Problem problem(PartitionSpec... partitions) {
        return problem(() -> with(partitions));
    }

    @Test
    void partitions_of_any_kind_can_be_added_and_bottlerockets_resized() {
        assertThatCode(() -> with(
                        PartitionSpec.of("LOGS", 8).ext4(),
                        PartitionSpec.of("SWAP", 1)
                                .type(UUID.fromString("0657fd6d-a4ab-43c4-84e5-0933c84b4f4f"))
                                .atMib(3000),
                        PartitionSpec.of("BLOBS", 16).fat().onDataDisk(),
                        PartitionSpec.of("BOTTLEROCKET-ROOT-A", 2000),
                        PartitionSpec.of("EFI-SYSTEM", 64)))
                .doesNotThrowAnyException();
    }

    @Test
    void a_problem_names_the_key_of_the_partition() {
        Problem problem = problem(PartitionSpec.of("ONE", 10), PartitionSpec.of("TWO", 0));

        assertThat(problem.toString())
                .contains("image-layout.partitions[1].size-mib")
                .contains("0 is not between 1 and 67108864");
    }

    @Test
    void labels_are_unique_short_and_fit_into_units() {
        assertThat(problem(PartitionSpec.of("A", 1), PartitionSpec.of("A", 1)).message())
                .contains("two partitions have the label 'A'");
        assertThat(problem(PartitionSpec.of("", 1)).message()).contains("a label has 1 to 36 characters, not 0");
        assertThat(problem(PartitionSpec.of("L".repeat(37), 1)).message()).contains("not 37");
        assertThat(problem(PartitionSpec.of("a/b", 1)).message()).contains("a character that units");
    }

    @ParameterizedTest
    @ValueSource(strings = {"BOTTLEROCKET-ROOT-B", "EFI-BACKUP"})
    void the_second_bank_always_follows_the_first(String label) {
        Problem problem = problem(PartitionSpec.of(label, 100));

        assertThat(problem.message()).contains("always has the size of its twin");
        assertThat(problem.hint()).contains(label.equals("EFI-BACKUP") ? "EFI-SYSTEM" : "BOTTLEROCKET-ROOT-A");
    }

    @Test
    void nothing_but_the_size_of_bottlerockets_partitions_can_be_changed() {
        assertThat(problem(PartitionSpec.of("BOTTLEROCKET-BOOT-A", 100).ext4()).message())
                .contains("nothing but its size can be changed");
        assertThat(problem(PartitionSpec.of("BOTTLEROCKET-NEW", 100)).message()).contains("are Bottlerocket's");
        assertThat(problem(PartitionSpec.of("BOTTLEROCKET-PRIVATE", 4)).message())
                .contains("needs 8 MiB");
    }

    @Test
    void types_that_the_boot_chain_looks_for_are_refused() {
        UUID efi = UUID.fromString("c12a7328-f81f-11d2-ba4b-00a0c93ec93b");

        assertThat(problem(PartitionSpec.of("MINE", 100).type(efi)).message()).contains(efi.toString());
    }

    @Test
    void a_partition_is_where_it_can_be() {
        assertThat(problem(PartitionSpec.of("MINE", 100).atMib(0)).message()).contains("0 is not between 1 and");
        assertThat(problem(PartitionSpec.of("MINE", 4).ext4()).message()).contains("MINE has 4");
        Problem noDataDisk = problem(() -> spec(v -> v.layout(
                l -> l.unified().partition(PartitionSpec.of("MINE", 100).onDataDisk()))));
        assertThat(noDataDisk.message()).contains("the partition-plan unified has none");
    }

    @Test
    void what_a_kind_of_image_does_not_have_cannot_be_resized() {
        assertThat(problem(() -> spec(v -> v.imageFormat(ImageFormat.UKI)
                                .without(ImageFeature.IN_PLACE_UPDATES)
                                .layout(l -> l.resized("BOTTLEROCKET-BOOT-A", 100))))
                        .message())
                .contains("an image of this kind has no partition BOTTLEROCKET-BOOT-A");
    }
}
