package lguest.dsl.internal

import groovy.transform.CompileStatic
import lguest.dsl.Constants
import lguest.dsl.FaultName
import lguest.dsl.HypercallName
import lguest.dsl.LgsScript
import lguest.dsl.ScriptFailure
import lguest.dsl.internal.ClassCache
import org.codehaus.groovy.control.CompilationUnit
import org.codehaus.groovy.control.CompilerConfiguration
import org.codehaus.groovy.control.MultipleCompilationErrorsException
import org.codehaus.groovy.control.Phases
import org.codehaus.groovy.control.customizers.CompilationCustomizer
import org.codehaus.groovy.control.customizers.ImportCustomizer

/** Makes classes of scripts, or finds them made already. */
@CompileStatic
final class ScriptCompiler {
    private final ClassCache cache

    ScriptCompiler(ClassCache cache) {
        this.cache = cache
    }

    /** How scripts are compiled: our base class, our constants, and nothing looked up in packages. */
    static CompilerConfiguration configuration(CompilationCustomizer... more) {
        CompilerConfiguration configuration = new CompilerConfiguration()
        configuration.scriptBaseClass = LgsScript.name
        // Closures say by the names of their parameters what they want.
        configuration.parameters = true
        configuration.addCompilationCustomizers(new ImportCustomizer()
            .addStaticStars(HypercallName.name, FaultName.name, Constants.name))
        configuration.addCompilationCustomizers(new UseInClosures())
        configuration.addCompilationCustomizers(more)
        configuration
    }

    /**
     * The class of a script.
     *
     * @param fileName what places in messages call it
     */
    Class<? extends LgsScript> compile(String fileName, String text) {
        ScriptClasses classes = cache.find(fileName, text)
        if (classes == null) {
            classes = translate(fileName, text)
            cache.keep(fileName, text, classes)
        }
        classes.load(ScriptCompiler.classLoader)
    }

    private static ScriptClasses translate(String fileName, String text) {
        try {
            classes(fileName, unit(fileName, text, new UnknownWords([] as Set<String>), Phases.CLASS_GENERATION))
        } catch (MultipleCompilationErrorsException e) {
            throw PlacedFailure.inSource(fileName, text, e)
        }
    }

    /** All that can be found wrong without running it, in order: {@code LINE:COLUMN: message}. */
    static List<String> check(String fileName, String text) {
        try {
            unit(fileName, text, new UnknownWords([] as Set<String>, true), Phases.CLASS_GENERATION)
            return []
        } catch (MultipleCompilationErrorsException e) {
            return PlacedFailure.all(text, e)
        }
    }

    private static CompilationUnit unit(String fileName, String text, CompilationCustomizer words, int phase) {
        CompilerConfiguration configuration = configuration(words)
        GroovyClassLoader loader = new GroovyClassLoader(ScriptCompiler.classLoader, configuration)
        CompilationUnit unit = new CompilationUnit(configuration, null, loader)
        unit.addSource(new ScriptSource(fileName, text, unit))
        unit.compile(phase)
        unit
    }

    private static ScriptClasses classes(String fileName, CompilationUnit unit) {
        Map<String, byte[]> bytes = [:]
        unit.classes.each { bytes[it.name] = it.bytes }
        String main = unit.AST.classes.find { it.isScript() }?.name
            ?: { throw new ScriptFailure("${fileName}: there is nothing to run in it") }()
        new ScriptClasses(main, bytes)
    }
}
