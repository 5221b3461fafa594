package dev.twoliter.rpm;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;

/**
 * A package file, of which the lead and both headers have been read; the payload is read by {@link #unpack} only.
 * Reading checks the format but no digest and no signature: that is the job of {@link RpmVerifier}. Immutable,
 * thread-safe.
 *
 * <pre>
 * lead, 96 bytes: ED AB EE DB | major 3 or 4 | minor | type u16 | arch u16 | name 66 | os u16 | signature type u16 = 5 | 16
 * signature header, padded to 8 bytes
 * header
 * payload, to the end of the file
 * </pre>
 *
 * Source: rpm's manual, "RPM v4 package format".
 */
public final class RpmPackage {
    static final int LEAD_BYTES = 96;
    static final int LEAD_MAGIC = 0xEDABEEDB;
    static final int SIGNATURE_TYPE_HEADER = 5;

    private final Path file;
    private final RpmHeader signatureHeader;
    private final RpmHeader header;
    private final long headerStart;
    private final long headerEnd;
    private final Nevra nevra;

    private RpmPackage(Path file, RpmHeader signatureHeader, RpmHeader header, long headerStart, long headerEnd) {
        this.file = file;
        this.signatureHeader = signatureHeader;
        this.header = header;
        this.headerStart = headerStart;
        this.headerEnd = headerEnd;
        this.nevra = readNevra(header, file.toString());
    }

    /**
     * Reads lead and headers of a package.
     *
     * @param file the package
     * @return what it says
     * @throws StorageException if it cannot be read
     * @throws FormatException if it is not an RPM, or is cut off or malformed
     */
    public static RpmPackage open(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return read(file, in, Files.size(file));
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
    }

    /** Reads lead and headers from a stream over the whole file, and leaves it at the payload. */
    static RpmPackage read(Path file, InputStream in, long fileSize) throws IOException {
        String subject = file.toString();
        try {
            checkLead(ByteBuffer.wrap(exactly(in, LEAD_BYTES)), subject);
            byte[] signatureBlob = readBlob(in, RpmHeader.Limits.SIGNATURE, fileSize, subject);
            int padding = -signatureBlob.length & 7;
            exactly(in, padding);
            byte[] headerBlob = readBlob(in, RpmHeader.Limits.MAIN, fileSize, subject);
            long start = LEAD_BYTES + (long) signatureBlob.length + padding;
            return new RpmPackage(
                    file,
                    RpmHeader.parse(signatureBlob, RpmHeader.Limits.SIGNATURE, subject),
                    RpmHeader.parse(headerBlob, RpmHeader.Limits.MAIN, subject),
                    start,
                    start + headerBlob.length);
        } catch (EOFException e) {
            throw new FormatException(subject, "the file ends inside of its headers", "Fetch or build it again.", e);
        }
    }

    private static void checkLead(ByteBuffer lead, String subject) {
        if (lead.getInt() != LEAD_MAGIC) {
            throw new FormatException(subject, "this is not an RPM");
        }
        int major = lead.get();
        if (major != 3 && major != 4) {
            throw new FormatException(subject, "this is an RPM of the unknown version " + major);
        }
        if (lead.getShort(78) != SIGNATURE_TYPE_HEADER) {
            throw new FormatException(subject, "the lead announces an unknown kind of signature");
        }
    }

    private static byte[] readBlob(InputStream in, RpmHeader.Limits limits, long fileSize, String subject)
            throws IOException {
        byte[] intro = exactly(in, RpmHeader.INTRO_BYTES);
        int length = RpmHeader.blobLength(intro, limits, subject);
        if (length > fileSize) {
            throw new EOFException();
        }
        byte[] blob = Arrays.copyOf(intro, length);
        if (in.readNBytes(blob, intro.length, length - intro.length) != length - intro.length) {
            throw new EOFException();
        }
        return blob;
    }

    private static byte[] exactly(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length != length) {
            throw new EOFException();
        }
        return bytes;
    }

    private static Nevra readNevra(RpmHeader header, String subject) {
        try {
            Evr evr = new Evr(
                    header.number(RpmTag.EPOCH).orElse(0),
                    header.string(RpmTag.VERSION).orElse(""),
                    header.string(RpmTag.RELEASE).orElse(""));
            return new Nevra(
                    header.string(RpmTag.NAME).orElse(""),
                    evr,
                    header.has(RpmTag.SOURCEPACKAGE)
                            ? "src"
                            : header.string(RpmTag.ARCH).orElse(""));
        } catch (IllegalArgumentException e) {
            throw new FormatException(
                    subject, "the header lacks a name, a version, a release or an architecture", "", e);
        }
    }

    /** {@return the file} */
    public Path file() {
        return file;
    }

    /** {@return the header} */
    public RpmHeader header() {
        return header;
    }

    /** {@return the signature header} */
    public RpmHeader signatureHeader() {
        return signatureHeader;
    }

    /** {@return where the header begins, bytes from the start of the file} */
    public long headerStart() {
        return headerStart;
    }

    /** {@return where the header ends and the payload begins} */
    public long headerEnd() {
        return headerEnd;
    }

    /** {@return name, version and architecture; {@code src} for a source package} */
    public Nevra nevra() {
        return nevra;
    }

    /** {@return the one-line summary; empty when there is none} */
    public String summary() {
        return text(RpmTag.SUMMARY);
    }

    /** {@return the description; empty when there is none} */
    public String description() {
        return text(RpmTag.DESCRIPTION);
    }

    /** {@return the licence; empty when there is none} */
    public String license() {
        return text(RpmTag.LICENSE);
    }

    /** {@return the home page; empty when there is none} */
    public String url() {
        return text(RpmTag.URL);
    }

    /** {@return the vendor; empty when there is none} */
    public String vendor() {
        return text(RpmTag.VENDOR);
    }

    /** {@return the file name of the source package; empty when there is none} */
    public String sourceRpm() {
        return text(RpmTag.SOURCERPM);
    }

    private String text(int tag) {
        return header.string(tag).orElse("");
    }

    /** {@return when it was built, seconds since 1970; 0 when unknown} */
    public long buildTime() {
        return header.number(RpmTag.BUILDTIME).orElse(0);
    }

    /** {@return the bytes its files take when installed} */
    public long installedSize() {
        OptionalLong large = header.number(RpmTag.LONGSIZE);
        return large.isPresent()
                ? large.getAsLong()
                : header.number(RpmTag.SIZE).orElse(0);
    }

    /** {@return the bytes of the uncompressed payload; 0 when unknown} */
    public long archiveSize() {
        OptionalLong large = signatureHeader.number(RpmTag.SIG_LONGARCHIVESIZE);
        OptionalLong small = signatureHeader.number(RpmTag.SIG_PAYLOADSIZE);
        return large.orElse(small.orElse(header.number(RpmTag.ARCHIVESIZE).orElse(0)));
    }

    /** {@return whether it carries a signature of any kind; whether that is good is another question} */
    public boolean isSigned() {
        return signatureHeader.has(RpmTag.SIG_RSA)
                || signatureHeader.has(RpmTag.SIG_DSA)
                || signatureHeader.has(RpmTag.SIG_PGP)
                || signatureHeader.has(RpmTag.SIG_GPG)
                || signatureHeader.has(RpmTag.SIG_OPENPGP);
    }

    /** {@return what it requires, {@code rpmlib()} features included} */
    public List<Relation> requires() {
        return relations(RelationKind.REQUIRES);
    }

    /** {@return what it provides} */
    public List<Relation> provides() {
        return relations(RelationKind.PROVIDES);
    }

    /** {@return what it conflicts with} */
    public List<Relation> conflicts() {
        return relations(RelationKind.CONFLICTS);
    }

    /** {@return what it obsoletes} */
    public List<Relation> obsoletes() {
        return relations(RelationKind.OBSOLETES);
    }

    /** {@return what it recommends} */
    public List<Relation> recommends() {
        return relations(RelationKind.RECOMMENDS);
    }

    /** {@return what it suggests} */
    public List<Relation> suggests() {
        return relations(RelationKind.SUGGESTS);
    }

    /**
     * {@return its relations of a kind, in the header's order}
     *
     * @param kind which
     * @throws FormatException if the header's lists do not fit together
     */
    public List<Relation> relations(RelationKind kind) {
        List<String> names = header.strings(kind.nameTag());
        List<String> versions = header.strings(kind.versionTag());
        long[] flags = header.ints(kind.flagsTag());
        boolean bare = versions.isEmpty() && flags.length == 0;
        if (!bare && (versions.size() != names.size() || flags.length != names.size())) {
            throw malformed("the lists of what it " + kind.name().toLowerCase(java.util.Locale.ROOT)
                    + " have different lengths");
        }
        List<Relation> relations = new ArrayList<>(names.size());
        for (int i = 0; i < names.size(); i++) {
            try {
                Relation.Comparison comparison = bare ? Relation.Comparison.NONE : Relation.Comparison.ofBits(flags[i]);
                relations.add(
                        comparison == Relation.Comparison.NONE
                                        || versions.get(i).isEmpty()
                                ? Relation.of(names.get(i))
                                : new Relation(names.get(i), comparison, Evr.parse(versions.get(i))));
            } catch (IllegalArgumentException e) {
                throw malformed(String.valueOf(e.getMessage()));
            }
        }
        return Collections.unmodifiableList(relations);
    }

    /**
     * {@return its changelog, in the header's order: newest first}
     *
     * @throws FormatException if the header's lists do not fit together
     */
    public List<ChangelogEntry> changelog() {
        long[] times = header.ints(RpmTag.CHANGELOGTIME);
        List<String> authors = header.strings(RpmTag.CHANGELOGNAME);
        List<String> texts = header.strings(RpmTag.CHANGELOGTEXT);
        if (times.length != authors.size() || times.length != texts.size()) {
            throw malformed("the lists of its changelog have different lengths");
        }
        List<ChangelogEntry> entries = new ArrayList<>(times.length);
        for (int i = 0; i < times.length; i++) {
            entries.add(new ChangelogEntry(Instant.ofEpochSecond(times[i]), authors.get(i), texts.get(i)));
        }
        return Collections.unmodifiableList(entries);
    }

    /** {@return its scriptlets, triggers not included, in the order of {@link Scriptlet.Event}} */
    public List<Scriptlet> scriptlets() {
        List<Scriptlet> scriptlets = new ArrayList<>();
        for (Scriptlet.Event event : Scriptlet.Event.values()) {
            List<String> interpreter = header.strings(event.programTag());
            if (!interpreter.isEmpty() || header.has(event.bodyTag())) {
                scriptlets.add(new Scriptlet(event, interpreter, text(event.bodyTag())));
            }
        }
        return Collections.unmodifiableList(scriptlets);
    }

    /**
     * Fails where rpm does on headers that can be read all the same, see {@link RpmHeader#isCanonical}.
     *
     * @throws FormatException if one of the headers is laid out otherwise
     */
    void requireCanonicalHeaders() {
        if (!signatureHeader.isCanonical() || !header.isCanonical()) {
            throw malformed("a header holds more than its region covers, or is not in order");
        }
    }

    private FormatException malformed(String message) {
        return new FormatException(file.toString(), message);
    }

    /**
     * {@return its files, in the header's order; ghosts included}
     *
     * @throws FormatException if the header's lists do not fit together or a path is not absolute and normal
     */
    public List<RpmFile> files() {
        return FileTable.read(header, file.toString());
    }

    /**
     * Reads the payload from its start to its end. Every file is checked against the header: name, size, digest, link
     * target; each must come exactly once.
     *
     * @param visitor receives the files
     * @throws StorageException if the package cannot be read, or the visitor failed
     * @throws FormatException if payload or header are malformed
     * @throws dev.twoliter.api.VerificationException if a file is not what the header says
     */
    public void unpack(PayloadVisitor visitor) {
        new PayloadReader(this).run(visitor);
    }

    /** {@return the lead of a binary package} */
    static byte[] lead(String label, int archNumber) {
        ByteBuffer lead = ByteBuffer.allocate(LEAD_BYTES);
        lead.putInt(LEAD_MAGIC).put((byte) 3).put((byte) 0).putShort((short) 0).putShort((short) archNumber);
        byte[] name = label.getBytes(StandardCharsets.UTF_8);
        lead.put(name, 0, Math.min(name.length, 65));
        lead.putShort(76, (short) 1).putShort(78, (short) SIGNATURE_TYPE_HEADER);
        return lead.array();
    }
}
