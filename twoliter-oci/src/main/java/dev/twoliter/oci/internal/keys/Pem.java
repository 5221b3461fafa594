package dev.twoliter.oci.internal.keys;

import dev.twoliter.api.SigningException;
import dev.twoliter.api.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One block of a PEM file (RFC 7468).
 *
 * @param type the words after BEGIN
 * @param content what is in it, decoded
 */
record Pem(String type, byte[] content) {

    private static final int MAX_FILE = 1 << 16;
    private static final Pattern BEGIN = Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,64})-----");

    /** Reads the first block that is no curve parameters, which openssl writes before keys of the old form. */
    static Pem read(Path file) {
        String text = text(file);
        Matcher begin = BEGIN.matcher(text);
        while (begin.find()) {
            String type = begin.group(1);
            int end = text.indexOf("-----END " + type + "-----", begin.end());
            if (end < 0) {
                break;
            }
            if (!type.equals("EC PARAMETERS")) {
                return new Pem(type, decode(file, text.substring(begin.end(), end)));
            }
        }
        throw new SigningException(
                "the key file " + file + " is no PEM file",
                "A PEM file has a line -----BEGIN ...-----; `twoliter keys generate --image` makes one.",
                null);
    }

    private static String text(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_FILE + 1);
            if (bytes.length > MAX_FILE) {
                throw new SigningException(
                        "the key file " + file + " is too large to be a key", "Give the file of a single key.", null);
            }
            return new String(bytes, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new SigningException("the key file " + file + " is not there", "Check its path.", e);
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
    }

    private static byte[] decode(Path file, String base64) {
        if (base64.contains(":")) {
            throw new SigningException(
                    "the key file " + file + " is encrypted in the old way of openssl, which is not read",
                    "Convert it: openssl pkcs8 -topk8 -in " + file.getFileName() + " -out NEW.pem",
                    null);
        }
        try {
            return Base64.getDecoder().decode(base64.replaceAll("\\s", ""));
        } catch (IllegalArgumentException e) {
            throw new SigningException(
                    "the key file " + file + " is damaged: its content is not base64", "Get it anew.", e);
        }
    }

    /** {@return the block as text, in lines of 64 characters} */
    String text() {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + type
                + "-----\n";
    }
}
