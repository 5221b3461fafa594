package dev.twoliter.rpm;

import java.lang.reflect.Field;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Numbers of the entries that headers of package files may have, named as {@code rpm --querytags} names them (rpm's
 * manual, "RPM tags"; {@code rpmtag.h} of rpm 4.18 and 6). Those of the signature header begin with {@code SIG_}.
 */
public final class RpmTag {
    private RpmTag() {}

    // Signature header. 256 + n are the numbers that came after the header-only signatures.
    public static final int HEADERSIGNATURES = 62;
    public static final int SIG_DSA = 267;
    public static final int SIG_RSA = 268;
    public static final int SIG_SHA1 = 269;
    public static final int SIG_LONGSIZE = 270;
    public static final int SIG_LONGARCHIVESIZE = 271;
    public static final int SIG_SHA256 = 273;
    public static final int SIG_FILESIGNATURES = 274;
    public static final int SIG_FILESIGNATURELENGTH = 275;
    public static final int SIG_VERITYSIGNATURES = 276;
    public static final int SIG_VERITYSIGNATUREALGO = 277;
    public static final int SIG_OPENPGP = 278;
    public static final int SIG_SHA3_256 = 279;
    public static final int SIG_RESERVED = 999;
    public static final int SIG_SIZE = 1000;
    public static final int SIG_PGP = 1002;
    public static final int SIG_MD5 = 1004;
    public static final int SIG_GPG = 1005;
    public static final int SIG_PAYLOADSIZE = 1007;
    public static final int SIG_RESERVEDSPACE = 1008;

    // Main header.
    public static final int HEADERIMMUTABLE = 63;
    public static final int HEADERI18NTABLE = 100;
    public static final int NAME = 1000;
    public static final int VERSION = 1001;
    public static final int RELEASE = 1002;
    public static final int EPOCH = 1003;
    public static final int SUMMARY = 1004;
    public static final int DESCRIPTION = 1005;
    public static final int BUILDTIME = 1006;
    public static final int BUILDHOST = 1007;
    public static final int SIZE = 1009;
    public static final int DISTRIBUTION = 1010;
    public static final int VENDOR = 1011;
    public static final int GIF = 1012;
    public static final int XPM = 1013;
    public static final int LICENSE = 1014;
    public static final int PACKAGER = 1015;
    public static final int GROUP = 1016;
    public static final int SOURCE = 1018;
    public static final int PATCH = 1019;
    public static final int URL = 1020;
    public static final int OS = 1021;
    public static final int ARCH = 1022;
    public static final int PREIN = 1023;
    public static final int POSTIN = 1024;
    public static final int PREUN = 1025;
    public static final int POSTUN = 1026;
    public static final int OLDFILENAMES = 1027;
    public static final int FILESIZES = 1028;
    public static final int FILEMODES = 1030;
    public static final int FILEUIDS = 1031;
    public static final int FILEGIDS = 1032;
    public static final int FILERDEVS = 1033;
    public static final int FILEMTIMES = 1034;
    public static final int FILEDIGESTS = 1035;
    public static final int FILELINKTOS = 1036;
    public static final int FILEFLAGS = 1037;
    public static final int ROOT = 1038;
    public static final int FILEUSERNAME = 1039;
    public static final int FILEGROUPNAME = 1040;
    public static final int ICON = 1043;
    public static final int SOURCERPM = 1044;
    public static final int FILEVERIFYFLAGS = 1045;
    public static final int ARCHIVESIZE = 1046;
    public static final int PROVIDENAME = 1047;
    public static final int REQUIREFLAGS = 1048;
    public static final int REQUIRENAME = 1049;
    public static final int REQUIREVERSION = 1050;
    public static final int NOSOURCE = 1051;
    public static final int NOPATCH = 1052;
    public static final int CONFLICTFLAGS = 1053;
    public static final int CONFLICTNAME = 1054;
    public static final int CONFLICTVERSION = 1055;
    public static final int DEFAULTPREFIX = 1056;
    public static final int BUILDROOT = 1057;
    public static final int INSTALLPREFIX = 1058;
    public static final int EXCLUDEARCH = 1059;
    public static final int EXCLUDEOS = 1060;
    public static final int EXCLUSIVEARCH = 1061;
    public static final int EXCLUSIVEOS = 1062;
    public static final int RPMVERSION = 1064;
    public static final int TRIGGERSCRIPTS = 1065;
    public static final int TRIGGERNAME = 1066;
    public static final int TRIGGERVERSION = 1067;
    public static final int TRIGGERFLAGS = 1068;
    public static final int TRIGGERINDEX = 1069;
    public static final int VERIFYSCRIPT = 1079;
    public static final int CHANGELOGTIME = 1080;
    public static final int CHANGELOGNAME = 1081;
    public static final int CHANGELOGTEXT = 1082;
    public static final int PREINPROG = 1085;
    public static final int POSTINPROG = 1086;
    public static final int PREUNPROG = 1087;
    public static final int POSTUNPROG = 1088;
    public static final int BUILDARCHS = 1089;
    public static final int OBSOLETENAME = 1090;
    public static final int VERIFYSCRIPTPROG = 1091;
    public static final int TRIGGERSCRIPTPROG = 1092;
    public static final int COOKIE = 1094;
    public static final int FILEDEVICES = 1095;
    public static final int FILEINODES = 1096;
    public static final int FILELANGS = 1097;
    public static final int PREFIXES = 1098;
    public static final int CAPABILITY = 1105;
    public static final int SOURCEPACKAGE = 1106;
    public static final int PROVIDEFLAGS = 1112;
    public static final int PROVIDEVERSION = 1113;
    public static final int OBSOLETEFLAGS = 1114;
    public static final int OBSOLETEVERSION = 1115;
    public static final int DIRINDEXES = 1116;
    public static final int BASENAMES = 1117;
    public static final int DIRNAMES = 1118;
    public static final int OPTFLAGS = 1122;
    public static final int DISTURL = 1123;
    public static final int PAYLOADFORMAT = 1124;
    public static final int PAYLOADCOMPRESSOR = 1125;
    public static final int PAYLOADFLAGS = 1126;
    public static final int RHNPLATFORM = 1131;
    public static final int PLATFORM = 1132;
    public static final int PATCHESNAME = 1133;
    public static final int PATCHESFLAGS = 1134;
    public static final int PATCHESVERSION = 1135;
    public static final int FILECOLORS = 1140;
    public static final int FILECLASS = 1141;
    public static final int CLASSDICT = 1142;
    public static final int FILEDEPENDSX = 1143;
    public static final int FILEDEPENDSN = 1144;
    public static final int DEPENDSDICT = 1145;
    public static final int SOURCEPKGID = 1146;
    public static final int FILECONTEXTS = 1147;
    public static final int POLICIES = 1150;
    public static final int PRETRANS = 1151;
    public static final int POSTTRANS = 1152;
    public static final int PRETRANSPROG = 1153;
    public static final int POSTTRANSPROG = 1154;
    public static final int DISTTAG = 1155;
    public static final int OLDSUGGESTSNAME = 1156;
    public static final int OLDSUGGESTSVERSION = 1157;
    public static final int OLDSUGGESTSFLAGS = 1158;
    public static final int OLDENHANCESNAME = 1159;
    public static final int OLDENHANCESVERSION = 1160;
    public static final int OLDENHANCESFLAGS = 1161;
    public static final int XATTRSDICT = 1186;
    public static final int FILEXATTRSX = 1187;
    public static final int LONGFILESIZES = 5008;
    public static final int LONGSIZE = 5009;
    public static final int FILECAPS = 5010;
    public static final int FILEDIGESTALGO = 5011;
    public static final int BUGURL = 5012;
    public static final int PREINFLAGS = 5020;
    public static final int POSTINFLAGS = 5021;
    public static final int PREUNFLAGS = 5022;
    public static final int POSTUNFLAGS = 5023;
    public static final int PRETRANSFLAGS = 5024;
    public static final int POSTTRANSFLAGS = 5025;
    public static final int VERIFYSCRIPTFLAGS = 5026;
    public static final int TRIGGERSCRIPTFLAGS = 5027;
    public static final int POLICYNAMES = 5030;
    public static final int POLICYTYPES = 5031;
    public static final int POLICYTYPESINDEXES = 5032;
    public static final int POLICYFLAGS = 5033;
    public static final int VCS = 5034;
    public static final int ORDERNAME = 5035;
    public static final int ORDERVERSION = 5036;
    public static final int ORDERFLAGS = 5037;
    public static final int RECOMMENDNAME = 5046;
    public static final int RECOMMENDVERSION = 5047;
    public static final int RECOMMENDFLAGS = 5048;
    public static final int SUGGESTNAME = 5049;
    public static final int SUGGESTVERSION = 5050;
    public static final int SUGGESTFLAGS = 5051;
    public static final int SUPPLEMENTNAME = 5052;
    public static final int SUPPLEMENTVERSION = 5053;
    public static final int SUPPLEMENTFLAGS = 5054;
    public static final int ENHANCENAME = 5055;
    public static final int ENHANCEVERSION = 5056;
    public static final int ENHANCEFLAGS = 5057;
    public static final int ENCODING = 5062;
    public static final int FILETRIGGERSCRIPTS = 5066;
    public static final int FILETRIGGERSCRIPTPROG = 5067;
    public static final int FILETRIGGERSCRIPTFLAGS = 5068;
    public static final int FILETRIGGERNAME = 5069;
    public static final int FILETRIGGERINDEX = 5070;
    public static final int FILETRIGGERVERSION = 5071;
    public static final int FILETRIGGERFLAGS = 5072;
    public static final int TRANSFILETRIGGERSCRIPTS = 5076;
    public static final int TRANSFILETRIGGERSCRIPTPROG = 5077;
    public static final int TRANSFILETRIGGERSCRIPTFLAGS = 5078;
    public static final int TRANSFILETRIGGERNAME = 5079;
    public static final int TRANSFILETRIGGERINDEX = 5080;
    public static final int TRANSFILETRIGGERVERSION = 5081;
    public static final int TRANSFILETRIGGERFLAGS = 5082;
    public static final int FILETRIGGERPRIORITIES = 5084;
    public static final int TRANSFILETRIGGERPRIORITIES = 5085;
    public static final int FILESIGNATURES = 5090;
    public static final int FILESIGNATURELENGTH = 5091;
    public static final int PAYLOADDIGEST = 5092;
    public static final int PAYLOADDIGESTALGO = 5093;
    public static final int AUTOINSTALLED = 5094;
    public static final int IDENTITY = 5095;
    public static final int MODULARITYLABEL = 5096;
    public static final int PAYLOADDIGESTALT = 5097;
    public static final int SPEC = 5099;
    public static final int TRANSLATIONURL = 5100;
    public static final int UPSTREAMRELEASES = 5101;
    public static final int PREUNTRANS = 5103;
    public static final int POSTUNTRANS = 5104;
    public static final int PREUNTRANSPROG = 5105;
    public static final int POSTUNTRANSPROG = 5106;
    public static final int PREUNTRANSFLAGS = 5107;
    public static final int POSTUNTRANSFLAGS = 5108;
    public static final int PAYLOADSIZE = 5112;
    public static final int PAYLOADSIZEALT = 5113;
    public static final int RPMFORMAT = 5114;
    public static final int PAYLOADSHA512 = 5121;
    public static final int PAYLOADSHA512ALT = 5122;
    public static final int PAYLOADSHA3_256 = 5123;
    public static final int PAYLOADSHA3_256ALT = 5124;

    /** Names by number, made when first asked for: few callers need them. */
    private static final class Names {
        private static final Map<Integer, String> MAIN = new TreeMap<>();
        private static final Map<Integer, String> SIGNATURE = new TreeMap<>();

        static {
            try {
                for (Field field : RpmTag.class.getFields()) {
                    String name = field.getName();
                    boolean signature = name.startsWith("SIG_") || name.equals("HEADERSIGNATURES");
                    (signature ? SIGNATURE : MAIN).put(field.getInt(null), name);
                }
            } catch (IllegalAccessException e) {
                throw new IllegalStateException("the constants of this class are public", e);
            }
        }
    }

    /** {@return the names of all entries of the main header that this library knows, by number} */
    public static Map<Integer, String> names() {
        return Collections.unmodifiableMap(Names.MAIN);
    }

    /**
     * {@return the name of an entry of the main header; empty for a number that is unknown}
     *
     * @param tag the number, such as 1000
     */
    public static Optional<String> name(int tag) {
        return Optional.ofNullable(Names.MAIN.get(tag));
    }

    /**
     * {@return the name of an entry of the signature header; empty for a number that is unknown}
     *
     * @param tag the number, such as 273
     */
    public static Optional<String> signatureName(int tag) {
        return Optional.ofNullable(Names.SIGNATURE.get(tag));
    }
}
