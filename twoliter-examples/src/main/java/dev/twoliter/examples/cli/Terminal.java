package dev.twoliter.examples.cli;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Environment;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.TypeConversionException;

/**
 * Where a command is given: everything that the command line takes from its process.
 *
 * @param out for the answer
 * @param err for progress and errors
 * @param environment variables and cache
 * @param directory where relative paths begin
 */
record Terminal(PrintStream out, PrintStream err, Environment environment, Path directory) {

    /** Options without a value that may come before a command. */
    private static final Set<String> FLAGS = Set.of("--quiet", "--json");

    /** Runs one command; returns its exit status. */
    int run(String... arguments) {
        TwoliterCommand root = new TwoliterCommand(this);
        CommandLine twoliter = new CommandLine(root);
        addCommands(twoliter, root, firstWord(arguments));
        try {
            return twoliter.registerConverter(Arch.class, Terminal::arch)
                    .registerConverter(Path.class, directory::resolve)
                    .registerConverter(ImageName.class, this::image)
                    .setCaseInsensitiveEnumValuesAllowed(true)
                    .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                    .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
                    .setParameterExceptionHandler((problem, given) -> root.misuse(problem))
                    .setExecutionExceptionHandler((problem, command, parsed) -> root.fail(problem))
                    .execute(arguments);
        } finally {
            root.ended();
        }
    }

    /** The first argument that is no option; nothing after an option that may have a value of its own. */
    private static String firstWord(String... arguments) {
        for (String argument : arguments) {
            if (!FLAGS.contains(argument)) {
                return argument;
            }
        }
        return "";
    }

    /**
     * Adds the command that is wanted, or all of them when the first word is none: describing a command to picocli takes
     * longer than many a command itself.
     */
    private static void addCommands(CommandLine twoliter, TwoliterCommand root, String wanted) {
        Map<String, Supplier<CommandLine>> commands = new LinkedHashMap<>();
        commands.put(
                "new",
                () -> group("Makes something new.")
                        .addSubcommand(new NewProjectCommand(root))
                        .addSubcommand(new NewVariantCommand(root))
                        .addSubcommand(new NewKitCommand(root))
                        .addSubcommand(new NewPackageCommand(root)));
        commands.put("update", () -> new CommandLine(new UpdateCommand(root)));
        commands.put("why", () -> new CommandLine(new WhyCommand(root)));
        commands.put("exec", () -> new CommandLine(new ExecCommand(root)));
        commands.put("repack", () -> new CommandLine(new RepackCommand(root)));
        commands.put("fetch", () -> new CommandLine(new FetchCommand(root)));
        commands.put("graph", () -> new CommandLine(new GraphCommand(root)));
        commands.put("build", () -> build(root));
        commands.put(
                "publish", () -> group("Publishes what has been built.").addSubcommand(new PublishKitCommand(root)));
        commands.put(
                "rpm",
                () -> group("Works on RPM packages.")
                        .addSubcommand(new RpmInfoCommand(root))
                        .addSubcommand(new RpmUnpackCommand(root))
                        .addSubcommand(new RpmBuildCommand(root))
                        .addSubcommand(new RpmVerifyCommand(root))
                        .addSubcommand(new RpmSignCommand(root)));
        commands.put(
                "repo",
                () -> group("Works on package repositories.")
                        .addSubcommand(new RepoIndexCommand(root))
                        .addSubcommand(new RepoCheckCommand(root))
                        .addSubcommand(new RepoSolveCommand(root)));
        commands.put(
                "image",
                () -> group("Works on images in registries and layouts.")
                        .addSubcommand(new ImageInspectCommand(root))
                        .addSubcommand(new ImageCopyCommand(root))
                        .addSubcommand(new ImageDiffCommand(root))
                        .addSubcommand(new ImageSignCommand(root))
                        .addSubcommand(new ImageVerifyCommand(root)));
        commands.put(
                "disk",
                () -> group("Looks into disk images.")
                        .addSubcommand(new DiskInspectCommand(root))
                        .addSubcommand(new DiskVerifyCommand(root)));
        commands.put("keys", () -> group("Makes keys to sign with.").addSubcommand(new KeysGenerateCommand(root)));
        Map<String, Supplier<CommandLine>> needed =
                commands.containsKey(wanted) ? Map.of(wanted, commands.get(wanted)) : commands;
        needed.forEach((name, command) -> twoliter.addSubcommand(name, command.get()));
    }

    private static CommandLine build(TwoliterCommand root) {
        CommandLine build = new CommandLine(new BuildCommand(root));
        for (BuildTarget target : BuildTarget.values()) {
            build.addSubcommand(target.word(), new BuildTargetCommand(root, target));
        }
        return build.addSubcommand(new CleanCommand(root));
    }

    /** Whether a person looks on, who can see a line change; picocli knows it of every JDK, and honours NO_COLOR. */
    boolean isInteractive() {
        return err == System.err && CommandLine.Help.Ansi.AUTO.enabled();
    }

    private static Arch arch(String name) {
        try {
            return Arch.parse(name);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(String.valueOf(e.getMessage()));
        }
    }

    private ImageName image(String name) {
        try {
            return ImageName.parse(name, directory);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(String.valueOf(e.getMessage()));
        }
    }

    /** A command that is nothing but the first word of others. */
    private static CommandLine group(String description) {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage().description(description);
        return new CommandLine(spec);
    }
}
