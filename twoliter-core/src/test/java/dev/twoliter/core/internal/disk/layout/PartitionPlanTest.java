package dev.twoliter.core.internal.disk.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.ImageLayout;
import dev.twoliter.api.PartitionSpec;
import dev.twoliter.core.internal.disk.gpt.GptReader;
import dev.twoliter.core.internal.disk.gpt.Partition;
import dev.twoliter.core.internal.disk.gpt.PartitionTable;
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
        PartitionTable table =
                plan(2, 1, ImageLayout.PartitionPlan.SPLIT, true).os().table("seed");

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
        PartitionPlan plan = plan(2, 1, ImageLayout.PartitionPlan.UNIFIED, true);
        PartitionTable table = plan.os().table("seed");

        assertThat(table.sectors()).isEqualTo(6291456);
        assertThat(table.lastUsable()).isEqualTo(6291422);
        assertThat(rows(table).subList(0, 12))
                .isEqualTo(rows(plan(2, 1, ImageLayout.PartitionPlan.SPLIT, true)
                                .os()
                                .table("seed"))
                        .subList(0, 12));
        assertThat(rows(table).get(12)).isEqualTo("13  4190208 6287359");
        assertThat(table.partition(13).unique()).isEqualTo(PREFERRED);
        assertThat(plan.data()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"SPLIT,4192255", "UNIFIED,6287359"})
    void two_gib_without_in_place_updates_is_the_table_of_the_reference(ImageLayout.PartitionPlan kind, long end) {
        assertThat(rows(plan(2, 1, kind, false).os().table("seed")))
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
        PartitionPlan one = plan(1, 1, ImageLayout.PartitionPlan.SPLIT, true);
        assertThat(mib(one, Role.BOOT_A, Role.ROOT_A, Role.HASH_A, Role.RESERVED_A, Role.PRIVATE))
                .containsExactly(20L, 460L, 5L, 10L, 17L);
        assertThat(rows(one.os().table("")).subList(11, 13))
                .containsExactly("12 BOTTLEROCKET-PRIVATE 2058240 2093055", "13  2093056 2095103");

        PartitionPlan four = plan(4, 1, ImageLayout.PartitionPlan.SPLIT, true);
        assertThat(mib(four, Role.BOOT_A, Role.ROOT_A, Role.HASH_A, Role.RESERVED_A, Role.PRIVATE))
                .containsExactly(80L, 1840L, 20L, 55L, 89L);
        assertThat(four.os().table("").partition(7).firstSector()).isEqualTo(2005 * 2048);
        assertThat(rows(four.os().table("")).subList(11, 13))
                .containsExactly("12 BOTTLEROCKET-PRIVATE 8202240 8384511", "13  8384512 8386559");
    }

    @Test
    void the_data_image_has_one_partition_that_fills_it() {
        PartitionTable data = plan(2, 1, ImageLayout.PartitionPlan.SPLIT, true)
                .data()
                .orElseThrow()
                .table("seed");

        assertThat(data.sectors()).isEqualTo(2097152);
        assertThat(rows(data)).containsExactly("1  2048 2095103");
        assertThat(data.partition(1).unique()).isEqualTo(PREFERRED);
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "4", "65535"})
    void both_update_modes_put_private_and_data_at_the_same_place(int gib) {
        PartitionTable with =
                plan(gib, 3, ImageLayout.PartitionPlan.SPLIT, true).os().table("");
        PartitionTable without =
                plan(gib, 3, ImageLayout.PartitionPlan.SPLIT, false).os().table("");

        assertThat(with.partition(12).firstSector())
                .isEqualTo(without.partition(7).firstSector());
        assertThat(with.partition(13).firstSector())
                .isEqualTo(without.partition(8).firstSector());
    }

    @Test
    void boot_root_and_hash_have_consecutive_numbers() {
        PartitionPlan plan = plan(2, 1, ImageLayout.PartitionPlan.SPLIT, true);

        assertThat(plan.slot(Role.ROOT_B).number())
                .isEqualTo(plan.slot(Role.BOOT_B).number() + 1);
        assertThat(plan.slot(Role.HASH_B).number())
                .isEqualTo(plan.slot(Role.BOOT_B).number() + 2);
    }

    @Test
    void only_bank_a_is_bootable_at_first() {
        PartitionTable table =
                plan(2, 1, ImageLayout.PartitionPlan.SPLIT, true).os().table("seed");

        assertThat(table.partition(3).attributes()).isEqualTo(0x0101000000000000L);
        assertThat(table.partitions().stream().filter(p -> p.attributes() != 0)).hasSize(1);
    }

    @Test
    void identifiers_follow_the_seed() {
        PartitionPlan plan = plan(2, 1, ImageLayout.PartitionPlan.SPLIT, true);

        assertThat(plan.os().table("a")).isEqualTo(plan.os().table("a"));
        assertThat(plan.os().table("a").disk())
                .isNotEqualTo(plan.os().table("b").disk())
                .isNotEqualTo(plan.data().orElseThrow().table("a").disk());
        assertThat(plan.os().table("a").partitions().stream().map(Partition::unique))
                .doesNotHaveDuplicates()
                .filteredOn(plan.os().table("b").partitions().stream()
                        .map(Partition::unique)
                        .toList()::contains)
                .containsExactly(FALLBACK);
        assertThat(plan.os().table("a").disk().version()).isEqualTo(8);
        assertThat(plan.os().table("a").disk().variant()).isEqualTo(2);
    }

    @Test
    void impossible_sizes_are_refused() {
        assertThatThrownBy(() -> plan(0, 1, ImageLayout.PartitionPlan.SPLIT, true))
                .hasMessageContaining("OS image");
        assertThatThrownBy(() -> plan(1, 65536, ImageLayout.PartitionPlan.SPLIT, true))
                .hasMessageContaining("data image");
    }

    @Peer("sgdisk")
    @ParameterizedTest
    @CsvSource({
        "1,SPLIT,true", "1,SPLIT,false", "1,UNIFIED,true", "1,UNIFIED,false",
        "2,SPLIT,true", "2,SPLIT,false", "2,UNIFIED,true", "2,UNIFIED,false",
        "4,SPLIT,true", "4,SPLIT,false", "4,UNIFIED,true", "4,UNIFIED,false"
    })
    void sgdisk_finds_no_problem_and_reads_the_same_table(int gib, ImageLayout.PartitionPlan kind, boolean inPlace)
            throws IOException {
        PartitionPlan plan = plan(gib, 1, kind, inPlace);
        agree(plan.os().table("seed"));
        if (plan.data().isPresent()) {
            agree(plan.data().orElseThrow().table("seed"));
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

    private static PartitionPlan plan(int osGib, int dataGib, ImageLayout.PartitionPlan kind, boolean inPlace) {
        return PartitionPlan.of(new ImageLayout(osGib, dataGib, 22, kind), new DiskShape(inPlace, false, false));
    }

    private static PartitionPlan with(PartitionSpec... partitions) {
        ImageLayout layout = new ImageLayout(1, 1, 22, ImageLayout.PartitionPlan.SPLIT, List.of(partitions));
        return PartitionPlan.of(layout, new DiskShape(true, false, false));
    }

    private static String places(PlannedDisk disk) {
        return disk.gib() + " GiB: "
                + String.join(
                        ", ",
                        disk.slots().stream()
                                .map(slot -> slot.name() + " " + slot.offset() + "+" + slot.mib())
                                .toList());
    }

    @Test
    void own_partitions_lie_between_the_private_and_the_data_partition_and_the_disk_grows_by_whole_gib() {
        PartitionPlan plan = with(
                PartitionSpec.of("ACME-LOGS", 512).ext4(),
                PartitionSpec.of("ACME-RAW", 8),
                PartitionSpec.of("ACME-SHARED", 16).onDataDisk());

        assertThat(places(plan.os()))
                .startsWith("2 GiB: BIOS-BOOT 1+4")
                .endsWith("BOTTLEROCKET-PRIVATE 1005+17, ACME-LOGS 1022+512, ACME-RAW 1534+8, DATA_FALLBACK 1542+1");
        assertThat(places(plan.data().orElseThrow())).isEqualTo("2 GiB: ACME-SHARED 1+16, DATA 17+1022");
        assertThat(plan.os().table("seed").partition(13).type()).isEqualTo(PartitionSpec.LINUX);
    }

    @Test
    void a_changed_size_moves_what_follows_in_both_banks_and_takes_no_more_disk_than_it_needs() {
        PartitionPlan plan = with(PartitionSpec.of("BOTTLEROCKET-ROOT-A", 300), PartitionSpec.of("ACME", 100));

        assertThat(places(plan.os()))
                .isEqualTo("1 GiB: BIOS-BOOT 1+4, EFI-SYSTEM 5+5, BOTTLEROCKET-BOOT-A 10+20, BOTTLEROCKET-ROOT-A"
                        + " 30+300, BOTTLEROCKET-HASH-A 330+5, BOTTLEROCKET-RESERVED-A 335+10, EFI-BACKUP 345+5,"
                        + " BOTTLEROCKET-BOOT-B 350+20, BOTTLEROCKET-ROOT-B 370+300, BOTTLEROCKET-HASH-B 670+5,"
                        + " BOTTLEROCKET-RESERVED-B 675+10, BOTTLEROCKET-PRIVATE 685+17, ACME 702+100, DATA_FALLBACK"
                        + " 802+1");
    }

    @Test
    void the_hash_partition_grows_with_the_root_partition_unless_its_size_is_given() {
        PartitionSpec root = PartitionSpec.of("BOTTLEROCKET-ROOT-A", 4000);

        assertThat(with(root).slot(Role.HASH_A).mib()).isEqualTo(32);
        assertThatThrownBy(() -> with(root, PartitionSpec.of("BOTTLEROCKET-HASH-A", 31)))
                .hasMessage("BOTTLEROCKET-HASH-A has 31 MiB, but the hashes of BOTTLEROCKET-ROOT-A with 4000 MiB need"
                        + " 32 MiB");
    }

    @Test
    void a_partition_at_a_place_of_its_own_may_leave_a_gap_but_not_overlap() {
        assertThat(places(with(PartitionSpec.of("ACME", 8).atMib(2000)).os()))
                .startsWith("2 GiB")
                .endsWith("BOTTLEROCKET-PRIVATE 1005+17, ACME 2000+8, DATA_FALLBACK 2008+1");
        assertThatThrownBy(() -> with(PartitionSpec.of("ACME", 8).atMib(1020)))
                .hasMessage("ACME (MiB 1020 to 1028) overlaps BOTTLEROCKET-PRIVATE (MiB 1005 to 1022)");
    }

    @Test
    void a_unified_kernel_has_no_boot_partition_and_what_follows_stays_where_it_was() {
        PartitionPlan grub = plan(2, 1, ImageLayout.PartitionPlan.UNIFIED, false);
        PartitionPlan plan = PartitionPlan.of(
                new ImageLayout(2, 1, 22, ImageLayout.PartitionPlan.UNIFIED), new DiskShape(false, true, false));

        assertThat(plan.find(Role.BOOT_A)).isEmpty();
        assertThat(plan.slot(Role.EFI_A).mib()).isEqualTo(90);
        assertThat(plan.slot(Role.ROOT_A).offset())
                .isEqualTo(grub.slot(Role.ROOT_A).offset());
        assertThat(plan.slot(Role.DATA).offset()).isEqualTo(grub.slot(Role.DATA).offset());
        assertThat(plan.os().gib()).isEqualTo(3);
    }

    @Test
    void a_standalone_image_has_nothing_that_persists_and_fills_its_disk() {
        PartitionPlan plan = PartitionPlan.of(ImageLayout.STANDALONE, new DiskShape(false, false, true));

        assertThat(places(plan.os()))
                .isEqualTo("1 GiB: BIOS-BOOT 1+4, EFI-SYSTEM 5+10, BOTTLEROCKET-BOOT-A 15+40, BOTTLEROCKET-ROOT-A"
                        + " 55+958, BOTTLEROCKET-HASH-A 1013+10");
        assertThat(plan.data()).isEmpty();
    }

    @Test
    void published_sizes_follow_the_hint() {
        assertThat(plan(2, 1, ImageLayout.PartitionPlan.SPLIT, true).published(22))
                .isEqualTo(new PartitionPlan.PublishedSizes(2, 20));
        assertThat(plan(2, 1, ImageLayout.PartitionPlan.UNIFIED, true).published(22))
                .isEqualTo(new PartitionPlan.PublishedSizes(22, 0));
        assertThat(plan(4, 30, ImageLayout.PartitionPlan.SPLIT, true).published(0))
                .isEqualTo(new PartitionPlan.PublishedSizes(4, 30));
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
        return List.of(roles).stream().map(role -> plan.slot(role).mib()).toList();
    }
}
