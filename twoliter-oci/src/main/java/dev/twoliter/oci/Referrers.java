package dev.twoliter.oci;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twoliter.api.Digest;
import dev.twoliter.oci.internal.json.Json;
import java.util.List;

/**
 * The list of manifests that have another one as their subject (OCI distribution specification 1.1, "Listing Referrers"
 * and "Referrers Tag Schema").
 */
final class Referrers {

    private Referrers() {}

    /** {@return what refers to a manifest, as far as it is listed} */
    static List<Descriptor> of(Repository repository, Digest subject) {
        return repository
                .referrers(subject)
                .map(raw -> ImageIndex.parse(repository.reference() + "@" + subject, raw.bytes())
                        .manifests())
                .orElse(List.of());
    }

    /** {@return the entry of a referrer in the list} */
    static ObjectNode entry(RawManifest referrer) {
        JsonNode manifest = Json.parse(referrer.digest().toString(), referrer.bytes());
        ObjectNode entry = Json.node(referrer.descriptor());
        if (manifest.path("artifactType").isTextual()) {
            entry.set("artifactType", manifest.get("artifactType"));
        }
        if (manifest.path("annotations").isObject()) {
            entry.set("annotations", manifest.get("annotations"));
        }
        return entry;
    }

    /**
     * Lists a referrer under the tag that stands for the list where a registry does not keep one itself. Done always: it
     * does no harm where the registry does, and a copy on disk then has the list too.
     */
    static void add(Repository repository, Digest subject, RawManifest referrer) {
        String tag = Repository.referrersTag(subject);
        ObjectNode index = repository
                .manifest(tag)
                .map(raw -> (ObjectNode) Json.parse(repository.reference() + ":" + tag, raw.bytes()))
                .filter(root -> root.path("manifests").isArray())
                .orElseGet(Referrers::none);
        ((ArrayNode) index.get("manifests")).add(entry(referrer));
        repository.pushManifest(RawManifest.of(MediaTypes.INDEX, Json.bytes(index)), tag);
    }

    /** {@return the list of some referrers} */
    static RawManifest list(List<RawManifest> referrers) {
        ObjectNode index = none();
        referrers.forEach(referrer -> ((ArrayNode) index.get("manifests")).add(entry(referrer)));
        return RawManifest.of(MediaTypes.INDEX, Json.bytes(index));
    }

    private static ObjectNode none() {
        ObjectNode root = Json.object().put("schemaVersion", 2).put("mediaType", MediaTypes.INDEX);
        root.putArray("manifests");
        return root;
    }
}
