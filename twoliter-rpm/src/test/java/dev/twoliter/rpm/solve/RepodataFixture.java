package dev.twoliter.rpm.solve;

import dev.twoliter.rpm.Evr;
import dev.twoliter.rpm.Relation;
import dev.twoliter.rpm.RelationKind;
import dev.twoliter.rpm.repo.RepoPackage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** Writes the metadata of repositories whose packages do not exist, for programs that only solve. */
final class RepodataFixture {
    private RepodataFixture() {}

    /** Writes each repository to a directory of its name, and what is asked to {@code scenario.txt}. */
    static void write(Scenario scenario, Path directory) throws IOException {
        List<String> lines = new ArrayList<>();
        for (SolveRepo repo : scenario.repos()) {
            write(repo, directory.resolve(repo.name()));
            lines.add("repo " + repo.name() + " " + repo.priority());
        }
        scenario.install().forEach(wanted -> lines.add("install " + wanted));
        scenario.excludes().forEach(pattern -> lines.add("exclude " + pattern));
        lines.add("best " + scenario.best());
        lines.add("weak " + scenario.weak());
        Files.write(directory.resolve("scenario.txt"), lines);
    }

    static void write(SolveRepo repo, Path directory) throws IOException {
        Path repodata = Files.createDirectories(directory.resolve("repodata"));
        StringBuilder primary = new StringBuilder("<metadata xmlns=\"http://linux.duke.edu/metadata/common\""
                + " xmlns:rpm=\"http://linux.duke.edu/metadata/rpm\" packages=\""
                + repo.packages().size() + "\">\n");
        StringBuilder filelists = new StringBuilder("<filelists xmlns=\"http://linux.duke.edu/metadata/filelists\""
                + " packages=\"" + repo.packages().size() + "\">\n");
        for (int i = 0; i < repo.packages().size(); i++) {
            RepoPackage pkg = repo.packages().get(i);
            String id = hex((repo.name() + i).getBytes(StandardCharsets.UTF_8));
            primary.append(primary(pkg, id));
            filelists.append("<package pkgid=\"" + id + "\" name=\"" + pkg.name() + "\" arch=\""
                    + pkg.nevra().arch() + "\"><version " + version(pkg.nevra().evr()) + "/>");
            pkg.files().forEach(file -> filelists.append("<file>" + file + "</file>"));
            filelists.append("</package>\n");
        }
        String repomd = "<repomd xmlns=\"http://linux.duke.edu/metadata/repo\"><revision>1</revision>\n"
                + data(repodata, "primary", primary.append("</metadata>\n").toString())
                + data(repodata, "filelists", filelists.append("</filelists>\n").toString()) + "</repomd>\n";
        Files.writeString(repodata.resolve("repomd.xml"), repomd);
    }

    private static String primary(RepoPackage pkg, String id) {
        StringBuilder text = new StringBuilder("<package type=\"rpm\"><name>" + pkg.name() + "</name><arch>"
                + pkg.nevra().arch() + "</arch><version " + version(pkg.nevra().evr())
                + "/><checksum type=\"sha256\" pkgid=\"YES\">" + id
                + "</checksum><summary/><description/><time file=\"1\" build=\"1\"/>"
                + "<size package=\"1\" installed=\"1\" archive=\"1\"/><location href=\""
                + pkg.nevra().fileName() + "\"/><format>");
        for (RelationKind kind : RelationKind.values()) {
            if (!pkg.relations(kind).isEmpty()) {
                String element = "rpm:" + kind.name().toLowerCase(Locale.ROOT);
                text.append("<" + element + ">");
                pkg.relations(kind).forEach(relation -> text.append(entry(relation)));
                text.append("</" + element + ">");
            }
        }
        pkg.primaryFiles().forEach(file -> text.append("<file>" + file + "</file>"));
        return text.append("</format></package>\n").toString();
    }

    private static String entry(Relation relation) {
        Evr evr = relation.evr();
        String name = relation.name().replace("<", "&lt;").replace(">", "&gt;");
        return "<rpm:entry name=\"" + name + "\""
                + (evr == null ? "" : " flags=\"" + relation.comparison().name() + "\" " + version(evr)) + "/>";
    }

    private static String version(Evr evr) {
        return "epoch=\"" + evr.epoch() + "\" ver=\"" + evr.version() + "\""
                + (evr.release().isEmpty() ? "" : " rel=\"" + evr.release() + "\"");
    }

    private static String data(Path repodata, String type, String text) throws IOException {
        Files.writeString(repodata.resolve(type + ".xml"), text);
        String checksum = hex(text.getBytes(StandardCharsets.UTF_8));
        return "<data type=\"" + type + "\"><checksum type=\"sha256\">" + checksum
                + "</checksum><open-checksum type=\"sha256\">" + checksum + "</open-checksum><location href=\"repodata/"
                + type + ".xml\"/><timestamp>1</timestamp><size>" + text.getBytes(StandardCharsets.UTF_8).length
                + "</size></data>\n";
    }

    private static String hex(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
