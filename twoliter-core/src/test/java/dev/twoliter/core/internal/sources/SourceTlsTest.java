package dev.twoliter.core.internal.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.twoliter.api.Environment;
import dev.twoliter.api.SourceException;
import dev.twoliter.testing.Certificate;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sources over TLS. */
class SourceTlsTest extends SourceWorld {

    private Certificate certificate;
    private SourceServer secure;

    @BeforeEach
    void secure() throws IOException, GeneralSecurityException {
        certificate = Certificate.make(directory);
        secure = new SourceServer(certificate.serverContext());
    }

    @AfterEach
    void end() {
        secure.close();
    }

    private void fetch(Map<String, String> variables, SourceFile source) {
        Environment environment = Environment.of(variables, directory.resolve("cache"));
        try (SourceFetcher fetcher = new SourceFetcher(settings(URI.create(secure.url("/c"))), environment)) {
            fetcher.fetch(List.of(source), report);
        }
    }

    private String path(SourceFile source) {
        return "/c/" + source.name() + "/" + source.file().sha512() + "/" + source.name();
    }

    @Test
    void an_authority_of_ones_own_is_trusted_when_it_is_named() throws IOException {
        SourceFile source = source("a-1.tar.gz", CONTENT);
        secure.files.put(path(source), CONTENT);
        SourceException e = catchThrowableOfType(SourceException.class, () -> fetch(Map.of(), source));
        assertThat(e).hasMessageContaining("its certificate is not trusted").hasMessageContaining("SSL_CERT_FILE");
        assertThat(secure.requests).isEmpty();
        fetch(Map.of("SSL_CERT_FILE", certificate.certificate().toString()), source);
        assertThat(cached(source)).hasBinaryContent(CONTENT);
    }

    @Test
    void a_redirect_from_https_to_http_is_refused_and_one_to_https_followed() {
        SourceFile source = source("a-1.tar.gz", CONTENT);
        secure.redirects.put(path(source), server.url("/plain?token=hidden"));
        server.files.put("/plain", CONTENT);
        Map<String, String> trusting =
                Map.of("SSL_CERT_FILE", certificate.certificate().toString());
        SourceException e = catchThrowableOfType(SourceException.class, () -> fetch(trusting, source));
        assertThat(e)
                .hasMessageContaining("it redirects from https to http, " + server.url("/plain"))
                .hasMessageNotContaining("hidden");
        assertThat(server.requests).isEmpty();
        secure.redirects.put(path(source), "/other");
        secure.files.put("/other", CONTENT);
        fetch(trusting, source);
        assertThat(Files.exists(cached(source))).isTrue();
    }
}
