package dev.twoliter.rpm.internal.repo;

import dev.twoliter.rpm.Evr;
import dev.twoliter.rpm.repo.Advisory;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Advisories as {@code updateinfo.xml}. Source: what libsolv reads ({@code repo_updateinfoxml.c}). */
final class UpdateInfoXml {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private UpdateInfoXml() {}

    static byte[] of(List<Advisory> advisories) {
        Xml xml = new Xml(0);
        xml.raw(Xml.HEAD);
        xml.open("updates");
        advisories.stream().sorted(Comparator.comparing(Advisory::id)).forEach(advisory -> update(xml, advisory));
        xml.close("updates");
        return xml.toBytes();
    }

    private static void update(Xml xml, Advisory advisory) {
        xml.open("update", "from", advisory.author(), "status", "final", "type", "security", "version", "1");
        xml.text("id", advisory.id());
        xml.text("title", advisory.title());
        xml.text("severity", advisory.severity().word());
        xml.empty("issued", "date", date(advisory.issued()));
        xml.empty("updated", "date", date(advisory.issued()));
        xml.text("description", advisory.description());
        xml.open("references");
        for (String id : advisory.references()) {
            boolean cve = id.startsWith("CVE-");
            String href = (cve ? "https://www.cve.org/CVERecord?id=" : "https://github.com/advisories/") + id;
            xml.empty("reference", "href", href, "id", id, "title", id, "type", cve ? "cve" : "other");
        }
        xml.close("references");
        xml.open("pkglist");
        xml.open("collection");
        for (Advisory.Fix fix : advisory.fixes()) {
            Evr evr = fix.evr();
            // Release 0 comes before every other: any release of the version is a fixed one.
            xml.empty(
                    "package",
                    "name",
                    fix.name(),
                    "epoch",
                    evr.epoch(),
                    "version",
                    evr.version(),
                    "release",
                    evr.release().isEmpty() ? "0" : evr.release(),
                    "arch",
                    fix.arch());
        }
        xml.close("collection");
        xml.close("pkglist");
        xml.close("update");
    }

    private static String date(Instant time) {
        return DATE.format(time);
    }
}
