package dev.twoliter.core.internal.kit;

import dev.twoliter.api.Arch;
import dev.twoliter.api.SemVer;
import java.util.List;

/** The names and small texts of a kit (formats.md, sections 2 and 4). */
public final class KitFiles {

    private KitFiles() {}

    /**
     * {@return the name of the image archive of one architecture}
     *
     * @param kit the kit
     * @param version its version
     * @param buildId the build identifier
     * @param arch the architecture
     */
    public static String archive(String kit, SemVer version, String buildId, Arch arch) {
        return kit + "-v" + version + "-" + buildId + "-" + arch + ".tar";
    }

    /**
     * {@return where the public key of a signed kit is, relative to the kit's build directory}
     *
     * @param arch the architecture
     * @param kit the kit
     */
    public static String publicKey(Arch arch, String kit) {
        return arch + "/RPM-GPG-KEY-" + kit;
    }

    /**
     * {@return the text of a .repo file, as dnf reads it (dnf.conf(5), "Repo options")}
     *
     * @param name the repository's name
     * @param baseUrl where it is
     * @param priority lower wins; dnf's default is 99
     * @param keyUrls where its keys are; empty when it is not signed
     */
    public static String repoFile(String name, String baseUrl, int priority, List<String> keyUrls) {
        String check = keyUrls.isEmpty() ? "0" : "1";
        return "[" + name + "]\nname=" + name + "\nbaseurl=" + baseUrl + "\nenabled=1\npriority=" + priority
                + "\ngpgcheck=" + check + "\nrepo_gpgcheck=" + check + "\n"
                + (keyUrls.isEmpty() ? "" : "gpgkey=" + String.join(" ", keyUrls) + "\n");
    }
}
