package lguest.shell.repl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import lguest.dsl.ScriptFailure;

/** {@code $XDG_CONFIG_HOME/lguest/init.lgs}, or {@code ~/.config/lguest/init.lgs}: what somebody wants to have at every prompt. */
final class InitFile {
    private InitFile() {
    }

    /** Its text; empty if there is none. */
    static Optional<String> text() {
        Path file = path(System.getenv(), System.getProperty("user.home"));
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(file));
        } catch (IOException unreadable) {
            throw new ScriptFailure(file + ": " + unreadable.getMessage(), unreadable);
        }
    }

    static Path path(Map<String, String> environment, String home) {
        String config = environment.getOrDefault("XDG_CONFIG_HOME", "");
        Path base = config.isEmpty() ? Path.of(home, ".config") : Path.of(config);
        return base.resolve("lguest").resolve("init.lgs");
    }
}
