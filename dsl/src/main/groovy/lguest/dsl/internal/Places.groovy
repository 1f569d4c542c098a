package lguest.dsl.internal

import groovy.transform.CompileStatic
import java.nio.file.Files
import java.nio.file.Path
import lguest.dsl.ScriptFailure

/** Where the files that a script names are. */
@CompileStatic
final class Places {
    private final Path directory

    /** @param directory the script's, where files are looked for first; null if there is none */
    Places(Path directory) {
        this.directory = directory
    }

    /**
     * A file to read: beside the script, or else in the working directory.
     *
     * @param what it is for, in case it is not there
     */
    Path input(String what, Object file) {
        Path path = path(what, file)
        if (path.absolute) {
            if (!Files.exists(path)) {
                throw new ScriptFailure("${what}: no file '${path}'")
            }
            return path
        }
        Path found = places().collect { it.resolve(path) }.find { Files.exists(it) }
        if (found == null) {
            String looked = places().size() == 1 ? '' : "${directory} (the script's directory) and "
            String working = places().size() == 1 ? '' : ' (the working directory)'
            throw new ScriptFailure("${what}: no file '${path}': looked in ${looked}${places().last()}${working}")
        }
        found
    }

    /** Whether there is such a file to read. */
    boolean has(Path path) { places().any { Files.exists(it.resolve(path)) } }

    private List<Path> places() {
        Path here = Path.of('').toAbsolutePath()
        directory == null || directory == here ? [here] : [directory, here]
    }

    /** A file to write: in the working directory, unless it says where. */
    Path output(Object file) { path('file', file).toAbsolutePath() }

    private static Path path(String what, Object file) {
        switch (file) {
            case Path: return (Path) file
            case File: return ((File) file).toPath()
            case CharSequence: return Path.of(file.toString())
            default: throw new ScriptFailure("${what} ${file}: give the name of a file")
        }
    }
}
