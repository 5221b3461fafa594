package dev.twoliter.examples.cli;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Environment;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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

    /** Runs one command; returns its exit status. */
    int run(String... arguments) {
        TwoliterCommand root = new TwoliterCommand(this);
        CommandLine twoliter = new CommandLine(root);
        group(twoliter, "new", "Makes something new.")
                .addSubcommand(new NewProjectCommand(root))
                .addSubcommand(new NewVariantCommand(root))
                .addSubcommand(new NewKitCommand(root))
                .addSubcommand(new NewPackageCommand(root));
        twoliter.addSubcommand(new UpdateCommand(root));
        twoliter.addSubcommand(new WhyCommand(root));
        twoliter.addSubcommand(new FetchCommand(root));
        twoliter.addSubcommand(new GraphCommand(root));
        CommandLine build = add(twoliter, "build", new BuildCommand(root));
        for (BuildTarget target : BuildTarget.values()) {
            build.addSubcommand(target.word(), new BuildTargetCommand(root, target));
        }
        build.addSubcommand(new CleanCommand(root));
        group(twoliter, "publish", "Publishes what has been built.").addSubcommand(new PublishKitCommand(root));
        CommandLine rpm = group(twoliter, "rpm", "Works on RPM packages.");
        rpm.addSubcommand(new RpmInfoCommand(root));
        rpm.addSubcommand(new RpmUnpackCommand(root));
        rpm.addSubcommand(new RpmBuildCommand(root));
        rpm.addSubcommand(new RpmVerifyCommand(root));
        rpm.addSubcommand(new RpmSignCommand(root));
        group(twoliter, "repo", "Works on package repositories.")
                .addSubcommand(new RepoIndexCommand(root))
                .addSubcommand(new RepoCheckCommand(root));
        group(twoliter, "keys", "Makes keys to sign with.").addSubcommand(new KeysGenerateCommand(root));
        try {
            return twoliter.registerConverter(Arch.class, Terminal::arch)
                    .registerConverter(Path.class, directory::resolve)
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

    /** Adds a command that is nothing but the first word of others. */
    private static CommandLine group(CommandLine parent, String name, String description) {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage().description(description);
        return add(parent, name, spec);
    }

    private static CommandLine add(CommandLine parent, String name, Object command) {
        CommandLine added = new CommandLine(command);
        parent.addSubcommand(name, added);
        return added;
    }
}
