package dev.twoliter.core.internal.disk.tree;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.FormatException;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TreeTest {
    private static final Attributes FILE = Attributes.root(0644, 5);
    private static final Attributes DIR = Attributes.root(0700, 5);
    private static final Attributes LINK = Attributes.root(0777, 5);

    private static ContentSource text(String text) {
        return ContentSource.of(text.getBytes(UTF_8));
    }

    private static List<String> paths(Tree tree) {
        return tree.entries().stream().map(TreeEntry::path).collect(Collectors.toList());
    }

    @Test
    void missing_parents_are_made() {
        Tree tree = Tree.builder().file("/a/b/c", FILE, text(""), "x").build();

        assertThat(paths(tree)).containsExactly("/", "/a", "/a/b", "/a/b/c");
        assertThat(((TreeEntry.Directory) tree.find("/a").orElseThrow()).attributes())
                .isEqualTo(Attributes.root(0755, 0));
    }

    @Test
    void files_land_behind_symlinks_in_whichever_order_they_come() {
        Tree before = Tree.builder()
                .symlink("/lib", LINK, "usr/lib", "filesystem")
                .symlink("/usr", LINK, "/x86_64/sys-root/usr", "filesystem")
                .file("/lib/foo", FILE, text("foo"), "foo")
                .build();
        Tree after = Tree.builder()
                .file("/lib/foo", FILE, text("foo"), "foo")
                .symlink("/lib", LINK, "usr/lib", "filesystem")
                .symlink("/usr", LINK, "/x86_64/sys-root/usr", "filesystem")
                .build();

        assertThat(paths(before))
                .isEqualTo(paths(after))
                .containsExactly(
                        "/",
                        "/lib",
                        "/usr",
                        "/x86_64",
                        "/x86_64/sys-root",
                        "/x86_64/sys-root/usr",
                        "/x86_64/sys-root/usr/lib",
                        "/x86_64/sys-root/usr/lib/foo");
    }

    @Test
    void a_symlink_can_itself_lie_behind_one() {
        Tree tree = Tree.builder()
                .symlink("/a/link", LINK, "../c", "x")
                .symlink("/a", LINK, "b/../b", "x")
                .file("/a/link/f", FILE, text(""), "x")
                .build();

        assertThat(paths(tree)).containsExactly("/", "/a", "/b", "/b/link", "/c", "/c/f");
    }

    @Test
    void dots_do_not_lead_out_of_the_root() {
        Tree tree = Tree.builder()
                .symlink("/up", LINK, "../../../etc", "x")
                .file("/up/passwd", FILE, text(""), "x")
                .build();

        assertThat(tree.find("/etc/passwd")).isPresent();
    }

    @Test
    void loops_of_symlinks_are_refused() {
        TreeBuilder direct = Tree.builder()
                .symlink("/a", LINK, "b", "one.rpm")
                .symlink("/b", LINK, "a", "two.rpm")
                .file("/a/f", FILE, text(""), "three.rpm");
        assertThatThrownBy(direct::build)
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("three.rpm")
                .hasMessageContaining("loop");

        TreeBuilder growing = Tree.builder().symlink("/a/b", LINK, "x", "x").symlink("/a", LINK, "a/a", "x");
        assertThatThrownBy(growing::build).isInstanceOf(FormatException.class);
    }

    @Test
    void a_directory_and_the_symlink_to_a_directory_are_one() {
        Tree tree = Tree.builder()
                .directory("/lib", DIR, "foo")
                .symlink("/lib", LINK, "usr/lib", "filesystem")
                .build();

        assertThat(tree.find("/lib").orElseThrow()).isInstanceOf(TreeEntry.Symlink.class);
        assertThat(tree.find("/usr/lib").orElseThrow()).isInstanceOf(TreeEntry.Directory.class);
    }

    @Test
    void the_same_file_from_two_origins_is_one_file() {
        Tree tree = Tree.builder()
                .file("/f", FILE, text("same"), "one")
                .file("/f", FILE.withMtime(9), text("same"), "two")
                .directory("/d", FILE, "one")
                .directory("/d", DIR, "two")
                .build();

        assertThat(tree.find("/f").orElseThrow().origin()).isEqualTo("one");
        assertThat(tree.find("/d").orElseThrow().origin()).isEqualTo("two");
    }

    @Test
    void different_things_at_one_path_name_both_owners() {
        List<TreeBuilder> conflicts = List.of(
                Tree.builder().file("/f", FILE, text("a"), "one.rpm").file("/f", FILE, text("b"), "two.rpm"),
                Tree.builder().file("/f", FILE, text("a"), "one.rpm").file("/f", DIR, text("a"), "two.rpm"),
                Tree.builder().file("/f", FILE, text("a"), "one.rpm").directory("/f", DIR, "two.rpm"),
                Tree.builder().symlink("/f", LINK, "a", "one.rpm").symlink("/f", LINK, "b", "two.rpm"),
                Tree.builder().symlink("/f", LINK, "a", "one.rpm").file("/f", FILE, text("a"), "two.rpm"),
                Tree.builder().file("/f", FILE, text("a"), "one.rpm").file("/f/g", FILE, text("a"), "two.rpm"));

        for (TreeBuilder conflict : conflicts) {
            assertThatThrownBy(conflict::build)
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("/f ")
                    .hasMessageContaining("one.rpm")
                    .hasMessageContaining("two.rpm");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "/a/../b", "/a//b", "/a/", "/./a", "/..", "/a\0b", "//"})
    void paths_that_are_not_in_normal_form_are_refused(String path) {
        assertThatThrownBy(() -> Tree.builder().file(path, FILE, text(""), "evil.rpm"))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("evil.rpm");
    }

    @Test
    void names_that_linux_would_not_take_are_refused() {
        TreeBuilder tree = Tree.builder();
        assertThatThrownBy(() -> tree.file("/" + "ö".repeat(128), FILE, text(""), "x"))
                .isInstanceOf(FormatException.class);
        assertThatThrownBy(() -> tree.file("/a".repeat(3000), FILE, text(""), "x"))
                .isInstanceOf(FormatException.class);
        assertThatThrownBy(() -> tree.symlink("/l", LINK, "", "x")).isInstanceOf(FormatException.class);
        assertThatThrownBy(() -> tree.symlink("/", LINK, "a", "x")).isInstanceOf(FormatException.class);
    }

    @Test
    void a_hard_link_leads_to_a_file() {
        TreeBuilder tree = Tree.builder().directory("/d", DIR, "x").hardLink("/l", "/d", "bad.rpm");

        assertThatThrownBy(tree::build).isInstanceOf(FormatException.class).hasMessageContaining("bad.rpm");
    }

    @Test
    void parts_can_be_left_out() {
        Tree tree = Tree.builder()
                .file("/var/lib/rpm/db", FILE, text(""), "x")
                .file("/var/lib/rpm-state", FILE, text(""), "x")
                .hardLink("/db", "/var/lib/rpm/db", "x")
                .build()
                .without("/var/lib/rpm");

        assertThat(paths(tree)).containsExactly("/", "/var", "/var/lib", "/var/lib/rpm-state");
    }

    @Test
    void attributes_can_be_changed_and_entries_added() {
        Tree tree = Tree.builder().file("/f", FILE, text(""), "x").build();

        Tree changed = tree.withAttributes(entry -> entry.attributes().withMtime(77)).toBuilder()
                .file("/g", FILE, text(""), "y")
                .build();

        assertThat(changed.find("/f"))
                .hasValueSatisfying(
                        f -> assertThat(((TreeEntry.Inode) f).attributes()).isEqualTo(FILE.withMtime(77)));
        assertThat(changed.find("/g")).isPresent();
    }

    @Test
    void the_manifest_is_in_mtree_format() throws IOException {
        byte[] value = {1, (byte) 0xAB};
        Tree tree = Tree.builder()
                .directory("/", DIR, "x")
                .file("/a b", FILE.withXattrs(Xattrs.NONE.with("security.capability", value)), text("hi"), "x")
                .hardLink("/c", "/a b", "x")
                .symlink("/ö", LINK, "a b", "x")
                .build();
        StringBuilder text = new StringBuilder();

        TreeManifest.write(tree, text);

        String file = " type=file mode=0644 uid=0 gid=0 time=5.0 size=2 sha256digest="
                + "8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4"
                + " xattr.security.capability=01ab\n";
        assertThat(text)
                .hasToString("#mtree\n. type=dir mode=0700 uid=0 gid=0 time=5.0\n./a\\040b" + file + "./c" + file
                        + "./\\303\\266 type=link mode=0777 uid=0 gid=0 time=5.0 link=a\\040b\n");
    }
}
