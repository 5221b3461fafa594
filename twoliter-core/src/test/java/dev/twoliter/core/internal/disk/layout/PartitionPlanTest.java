package dev.twoliter.core.internal.disk.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.core.internal.disk.gpt.GptReader;
import dev.twoliter.core.internal.disk.gpt.Partition;
import dev.twoliter.core.internal.disk.gpt.PartitionTable;
import dev.twoliter.core.internal.disk.layout.PartitionPlan.Kind;
import dev.twoliter.core.internal.disk.raw.DiskImage;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartitionPlanTest {
    private static final UUID PREFERRED = UUID.fromString("5b94e8df-28b8-485c-9d19-362263b5944c");
    private static final UUID FALLBACK = UUID.fromString("69040874-417d-4e26-a764-7885f22007ea");

    @TempDir
    Path dir;

    @Test
    void two_gib_split_with_in_place_updates_is_the_table_of_the_reference() {
        PartitionTable table = PartitionPlan.of(2, 1, Kind.SPLIT, true).osTable("seed");

        assertThat(table.sectors()).isEqualTo(4194304);
        assertThat(table.lastUsable()).isEqualTo(4194270);
        assertThat(rows(table))
                .containsExactly(
                        "1 BIOS-BOOT 2048 10239",
                        "2 EFI-SYSTEM 10240 20479",
                        "3 BOTTLEROCKET-BOOT-A 20480 102399",
                        "4 BOTTLEROCKET-ROOT-A 102400 1986559",
                        "5 BOTTLEROCKET-HASH-A 1986560 2007039",
                        "6 BOTTLEROCKET-RESERVED-A 2007040 2058239",
                        "7 EFI-BACKUP 2058240 2068479",
                        "8 BOTTLEROCKET-BOOT-B 2068480 2150399",
                        "9 BOTTLEROCKET-ROOT-B 2150400 4034559",
                        "10 BOTTLEROCKET-HASH-B 4034560 4055039",
                        "11 BOTTLEROCKET-RESERVED-B 4055040 4106239",
                        "12 BOTTLEROCKET-PRIVATE 4106240 4190207",
                        "13  4190208 4192255");
        assertThat(table.partition(13).unique()).isEqualTo(FALLBACK);
    }

    @Test
    void two_gib_unified_differs_in_the_data_partition_only() {
        PartitionPlan plan = PartitionPlan.of(2, 1, Kind.UNIFIED, true);
        PartitionTable table = plan.osTable("seed");

        assertThat(table.sectors()).isEqualTo(6291456);
        assertThat(table.lastUsable()).isEqualTo(6291422);
        assertThat(rows(table).subList(0, 12))
                .isEqualTo(rows(PartitionPlan.of(2, 1, Kind.SPLIT, true).osTable("seed"))
                        .subList(0, 12));
        assertThat(rows(table).get(12)).isEqualTo("13  4190208 6287359");
        assertThat(table.partition(13).unique()).isEqualTo(PREFERRED);
        assertThat(plan.dataTable("seed")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"SPLIT,4192255", "UNIFIED,6287359"})
    void two_gib_without_in_place_updates_is_the_table_of_the_reference(Kind kind, long end) {
        assertThat(rows(PartitionPlan.of(2, 1, kind, false).osTable("seed")))
                .containsExactly(
                        "1 BIOS-BOOT 2048 10239",
                        "2 EFI-SYSTEM 10240 30719",
                        "3 BOTTLEROCKET-BOOT-A 30720 194559",
                        "4 BOTTLEROCKET-ROOT-A 194560 3962879",
                        "5 BOTTLEROCKET-HASH-A 3962880 4003839",
                        "6 BOTTLEROCKET-RESERVED-A 4003840 4106239",
                        "7 BOTTLEROCKET-PRIVATE 4106240 4190207",
                        "8  4190208 " + end);
    }

    @Test
    void other_sizes_scale_as_the_reference_says() {
        PartitionPlan one = PartitionPlan.of(1, 1, Kind.SPLIT, true);
        assertThat(mib(one, Role.BOOT_A, Role.ROOT_A, Role.HASH_A, Role.RESERVED_A, Role.PRIVATE))
                .containsExactly(20L, 460L, 5L, 10L, 17L);
        assertThat(rows(one.osTable("")).subList(11, 13))
                .containsExactly("12 BOTTLEROCKET-PRIVATE 2058240 2093055", "13  2093056 2095103");

        PartitionPlan four = PartitionPlan.of(4, 1, Kind.SPLIT, true);
        assertThat(mib(four, Role.BOOT_A, Role.ROOT_A, Role.HASH_A, Role.RESERVED_A, Role.PRIVATE))
                .containsExactly(80L, 1840L, 20L, 55L, 89L);
        assertThat(four.osTable("").partition(7).firstSector()).isEqualTo(2005 * 2048);
        assertThat(rows(four.osTable("")).subList(11, 13))
                .containsExactly("12 BOTTLEROCKET-PRIVATE 8202240 8384511", "13  8384512 8386559");
    }

    @Test
    void the_data_image_has_one_partition_that_fills_it() {
        PartitionTable data =
                PartitionPlan.of(2, 1, Kind.SPLIT, true).dataTable("seed").orElseThrow();

        assertThat(data.sectors()).isEqualTo(2097152);
        assertThat(rows(data)).containsExactly("1  2048 2095103");
        assertThat(data.partition(1).unique()).isEqualTo(PREFERRED);
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "4", "65535"})
    void both_update_modes_put_private_and_data_at_the_same_place(int gib) {
        PartitionTable with = PartitionPlan.of(gib, 3, Kind.SPLIT, true).osTable("");
        PartitionTable without = PartitionPlan.of(gib, 3, Kind.SPLIT, false).osTable("");

        assertThat(with.partition(12).firstSector())
                .isEqualTo(without.partition(7).firstSector());
        assertThat(with.partition(13).firstSector())
                .isEqualTo(without.partition(8).firstSector());
    }

    @Test
    void boot_root_and_hash_have_consecutive_numbers() {
        PartitionPlan plan = PartitionPlan.of(2, 1, Kind.SPLIT, true);

        assertThat(plan.number(Role.ROOT_B)).isEqualTo(plan.number(Role.BOOT_B) + 1);
        assertThat(plan.number(Role.HASH_B)).isEqualTo(plan.number(Role.BOOT_B) + 2);
    }

    @Test
    void only_bank_a_is_bootable_at_first() {
        PartitionTable table = PartitionPlan.of(2, 1, Kind.SPLIT, true).osTable("seed");

        assertThat(table.partition(3).attributes()).isEqualTo(0x0101000000000000L);
        assertThat(table.partitions().stream().filter(p -> p.attributes() != 0)).hasSize(1);
    }

    @Test
    void identifiers_follow_the_seed() {
        PartitionPlan plan = PartitionPlan.of(2, 1, Kind.SPLIT, true);

        assertThat(plan.osTable("a")).isEqualTo(plan.osTable("a"));
        assertThat(plan.osTable("a").disk())
                .isNotEqualTo(plan.osTable("b").disk())
                .isNotEqualTo(plan.dataTable("a").orElseThrow().disk());
        assertThat(plan.osTable("a").partitions().stream().map(Partition::unique))
                .doesNotHaveDuplicates()
                .filteredOn(plan.osTable("b").partitions().stream()
                        .map(Partition::unique)
                        .toList()::contains)
                .containsExactly(FALLBACK);
        assertThat(plan.osTable("a").disk().version()).isEqualTo(8);
        assertThat(plan.osTable("a").disk().variant()).isEqualTo(2);
    }

    @Test
    void impossible_sizes_are_refused() {
        assertThatThrownBy(() -> PartitionPlan.of(0, 1, Kind.SPLIT, true)).hasMessageContaining("OS image");
        assertThatThrownBy(() -> PartitionPlan.of(1, 65536, Kind.SPLIT, true)).hasMessageContaining("data image");
    }

    @Peer("sgdisk")
    @ParameterizedTest
    @CsvSource({
        "1,SPLIT,true", "1,SPLIT,false", "1,UNIFIED,true", "1,UNIFIED,false",
        "2,SPLIT,true", "2,SPLIT,false", "2,UNIFIED,true", "2,UNIFIED,false",
        "4,SPLIT,true", "4,SPLIT,false", "4,UNIFIED,true", "4,UNIFIED,false"
    })
    void sgdisk_finds_no_problem_and_reads_the_same_table(int gib, Kind kind, boolean inPlace) throws IOException {
        PartitionPlan plan = PartitionPlan.of(gib, 1, kind, inPlace);
        agree(plan.osTable("seed"));
        if (plan.dataTable("seed").isPresent()) {
            agree(plan.dataTable("seed").orElseThrow());
        }
    }

    private void agree(PartitionTable table) throws IOException {
        Path disk = dir.resolve("disk.img");
        DiskImage.write(disk, table, Map.of());

        assertThat(Command.output("sgdisk", "-v", disk)).contains("No problems found");
        String printed = Command.output("sgdisk", "-p", disk);
        assertThat(printed).contains("Disk identifier (GUID): " + upper(table.disk()));
        for (Partition partition : table.partitions()) {
            assertThat(Command.output("sgdisk", "-i", partition.number(), disk))
                    .contains("Partition GUID code: " + upper(partition.type()))
                    .contains("Partition unique GUID: " + upper(partition.unique()))
                    .contains("First sector: " + partition.firstSector() + " ")
                    .contains("Last sector: " + partition.lastSector() + " ")
                    .contains(String.format(Locale.ROOT, "Attribute flags: %016X", partition.attributes()))
                    .contains("Partition name: '" + partition.label() + "'");
        }
        try (FileChannel channel = FileChannel.open(disk)) {
            assertThat(GptReader.read(channel, "disk.img")).isEqualTo(table);
        }
    }

    private static String upper(UUID guid) {
        return guid.toString().toUpperCase(Locale.ROOT);
    }

    private static List<String> rows(PartitionTable table) {
        return table.partitions().stream()
                .map(p -> p.number() + " " + p.label() + " " + p.firstSector() + " " + p.lastSector())
                .toList();
    }

    private static List<Long> mib(PartitionPlan plan, Role... roles) {
        return List.of(roles).stream().map(role -> plan.size(role) >> 20).toList();
    }
}
