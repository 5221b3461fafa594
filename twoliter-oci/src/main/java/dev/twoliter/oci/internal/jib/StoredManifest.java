package dev.twoliter.oci.internal.jib;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializable;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.google.cloud.tools.jib.image.json.ManifestTemplate;
import dev.twoliter.oci.RawManifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Makes Jib, which serialises what it pushes, write a manifest to the byte: the digest is over the bytes. */
final class StoredManifest implements ManifestTemplate, JsonSerializable {

    private final RawManifest manifest;

    StoredManifest(RawManifest manifest) {
        this.manifest = manifest;
    }

    @Override
    public int getSchemaVersion() {
        return 2;
    }

    @Override
    public String getManifestMediaType() {
        return manifest.mediaType();
    }

    @Override
    public void serialize(JsonGenerator generator, SerializerProvider provider) throws IOException {
        generator.writeRawValue(new String(manifest.bytes(), StandardCharsets.UTF_8));
    }

    @Override
    public void serializeWithType(JsonGenerator generator, SerializerProvider provider, TypeSerializer type)
            throws IOException {
        serialize(generator, provider);
    }
}
