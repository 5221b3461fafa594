package dev.twoliter.core.internal.resolve.upgrade;

import dev.twoliter.api.ImageDependency;
import dev.twoliter.api.SemVer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A registry in memory that counts what is read. All its kits are of the vendor {@code acme}. */
final class Shelf implements Releases {

    static final String VENDOR = "acme";

    private final Map<ImageDependency, Release> kits = new LinkedHashMap<>();
    private final Set<ImageDependency> badSdks = new java.util.HashSet<>();
    final List<String> reads = new ArrayList<>();

    static ImageDependency image(String name, String version) {
        return new ImageDependency(name, SemVer.parse(version), VENDOR);
    }

    static ImageDependency image(String name, int major) {
        return new ImageDependency(name, new SemVer(major, 0, 0, "", ""), VENDOR);
    }

    /** Publishes a version; {@code needs} are written {@code NAME VERSION}. */
    Shelf put(String kit, String version, String sdk, String... needs) {
        return put(image(kit, version), image("sdk", sdk), Set.of(), needs);
    }

    Shelf put(ImageDependency kit, ImageDependency sdk, Set<Integer> labels, String... needs) {
        List<ImageDependency> pins = new ArrayList<>();
        for (String need : needs) {
            String[] words = need.split(" ");
            pins.add(image(words[0], words[1]));
        }
        return put(kit, new Release.Usable(pins, List.of(sdk), labels));
    }

    Shelf put(ImageDependency kit, Release release) {
        kits.put(kit, release);
        return this;
    }

    Shelf breakSdk(ImageDependency sdk) {
        badSdks.add(sdk);
        return this;
    }

    /** {@return a kit of which every published version may be chosen} */
    Wanted any(String kit) {
        return new Wanted(VENDOR, kit, versions(kit), "", false);
    }

    List<SemVer> versions(String kit) {
        return kits.keySet().stream()
                .filter(one -> one.name().equals(kit))
                .map(ImageDependency::version)
                .sorted(Comparator.reverseOrder())
                .toList();
    }

    Release look(ImageDependency kit) {
        return kits.getOrDefault(kit, new Release.Unusable("it does not exist"));
    }

    boolean isBad(ImageDependency sdk) {
        return badSdks.contains(sdk);
    }

    @Override
    public Release kit(ImageDependency kit) {
        reads.add(kit.name() + " " + kit.version());
        return look(kit);
    }

    @Override
    public Release sdk(ImageDependency sdk) {
        reads.add("sdk " + sdk.version());
        return isBad(sdk) ? new Release.Unusable("it is broken") : new Release.Usable(List.of(), List.of(), Set.of());
    }
}
