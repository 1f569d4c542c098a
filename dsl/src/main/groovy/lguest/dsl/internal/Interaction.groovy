package lguest.dsl.internal

import groovy.transform.CompileStatic
import java.util.concurrent.CopyOnWriteArrayList
import lguest.dsl.GuestSpec
import lguest.dsl.LgsScript
import lguest.dsl.ScriptFailure
import lguest.dsl.Session
import org.codehaus.groovy.ast.ClassNode
import org.codehaus.groovy.ast.ImportNode
import org.codehaus.groovy.ast.expr.BinaryExpression
import org.codehaus.groovy.ast.expr.ConstantExpression
import org.codehaus.groovy.ast.expr.DeclarationExpression
import org.codehaus.groovy.ast.expr.EmptyExpression
import org.codehaus.groovy.ast.expr.Expression
import org.codehaus.groovy.ast.stmt.BlockStatement
import org.codehaus.groovy.ast.stmt.ExpressionStatement
import org.codehaus.groovy.classgen.GeneratorContext
import org.codehaus.groovy.control.CompilationUnit
import org.codehaus.groovy.control.CompilePhase
import org.codehaus.groovy.control.CompilerConfiguration
import org.codehaus.groovy.control.MultipleCompilationErrorsException
import org.codehaus.groovy.control.Phases
import org.codehaus.groovy.control.SourceUnit
import org.codehaus.groovy.control.customizers.CompilationCustomizer
import org.codehaus.groovy.control.customizers.ImportCustomizer
import org.codehaus.groovy.runtime.InvokerHelper
import org.codehaus.groovy.runtime.MethodClosure
import org.codehaus.groovy.syntax.Token
import org.codehaus.groovy.syntax.Types

/** A script that is typed piece by piece: variables, methods, classes and imports of one piece are there for the next. */
@CompileStatic
final class Interaction {
    /** What places call typed text. */
    static final String NAME = 'prompt'

    private final Session session
    private final Binding binding = new Binding()
    private final GroovyClassLoader loader = new GroovyClassLoader(Interaction.classLoader, ScriptCompiler.configuration())
    private final ImportCustomizer imports = new ImportCustomizer()
    private final LgsScript words
    /** What was typed so far: the nth is in classes {@code prompt_n}. */
    private final List<String> pieces = new CopyOnWriteArrayList<>()
    private volatile Thread evaluator

    Interaction(Session session) {
        this.session = session
        session.knows(NAME)
        words = new LgsScript() {
            @Override
            Object run() { null }
        }
        words.binding = binding
        words.start(session)
    }

    Map<String, Object> getVariables() { binding.variables }

    /** @return the value of the last expression */
    Object eval(String text) {
        LgsScript script = compile(text).getConstructor().newInstance()
        script.binding = binding
        script.start(session)
        evaluator = Thread.currentThread()
        Object value = Interruptible.run { script.run() }
        script.class.declaredMethods.findAll { !it.synthetic && !(it.name in ['run', 'main']) && !it.name.contains('$') }.each {
            binding.setVariable(it.name, new MethodClosure(script, it.name))
        }
        value
    }

    /**
     * Any thread. The line of what was typed that is to blame for a failure, the cause's first.
     *
     * @param now whether what was typed last has failed: then it can be seen, if it is one line
     * @return null if none is, or can be seen
     */
    String blamed(Throwable thrown, boolean now) {
        for (Throwable each = thrown; each != null; each = each.cause) {
            StackTraceElement at = each.stackTrace.find { it.fileName == NAME }
            def piece = at?.className =~ /${NAME}_(\d+)/
            if (at != null && piece.find()) {
                int number = piece.group(1).toInteger()
                List<String> lines = pieces[number - 1].readLines()
                return now && number == pieces.size() && lines.size() == 1 ? null : lines[at.lineNumber - 1]
            }
        }
        null
    }

    /** Any thread: what is being evaluated fails soon. */
    void interrupt() {
        if (evaluator != null) {
            Interruptible.interrupt(evaluator)
        }
    }

    private Class<? extends LgsScript> compile(String text) {
        Set<String> known = new HashSet<>(binding.variables.keySet() as Set<String>)
        CompilerConfiguration configuration = ScriptCompiler.configuration(imports, new Lasting(), new UnknownWords(known), new Interruptible())
        CompilationUnit unit = new CompilationUnit(configuration, null, loader)
        pieces << text
        unit.addSource(new ScriptSource(NAME, "${NAME}_${pieces.size()}", text, unit))
        try {
            unit.compile(Phases.CLASS_GENERATION)
        } catch (MultipleCompilationErrorsException e) {
            throw PlacedFailure.inSource(NAME, text, e)
        }
        unit.AST.modules.each { module ->
            module.imports.each { ImportNode it -> imports.addImport(it.alias, it.className) }
            module.starImports.each { imports.addStarImports(it.packageName[0..-2]) }
            module.staticImports.each { alias, it -> imports.addStaticImport(alias, it.className, it.fieldName) }
            module.staticStarImports.each { alias, it -> imports.addStaticStars(it.className) }
        }
        Class<?> main = null
        try {
            unit.classes.each {
                Class<?> defined = loader.defineClass(it.name, it.bytes)
                main = main == null && LgsScript.isAssignableFrom(defined) ? defined : main
            }
        } catch (LinkageError twice) {
            throw new ScriptFailure("there is a class of this name already: ${twice.message}", twice)
        }
        (Class<? extends LgsScript>) (main ?: Nothing)
    }

    /** What runs when only classes were typed. */
    @CompileStatic
    static class Nothing extends LgsScript {
        @Override
        Object run() { null }
    }

    /** The words that may come next, where the cursor is at the end of the text. */
    List<String> complete(String text) {
        def quoted = text =~ /(?:at|address|disassemble|memory\[|read|write|access)\s*\(?\s*['"]([\w.]*)$/
        if (quoted.find()) {
            return session.hasGuest() ? session.current.symbols.names(quoted.group(1)) : []
        }
        def path = text =~ /(?:\bguest\s*\(\s*['"](\w+)['"]\s*\)\.)?((?:[A-Za-z_]\w*\.)*)([A-Za-z_]\w*)?$/
        path.find()
        String prefix = path.group(3) ?: ''
        List<String> names = path.group(2).tokenize('.')
        List<String> candidates = path.group(1) != null ? members(session.guests[path.group(1)], names)
            : !names.empty ? members(words, names)
            // Behind a dot, but of what nobody knows.
            : text.substring(0, path.start()).endsWith('.') ? []
            : Explanation.words(LgsScript) + Explanation.constants() + (binding.variables.keySet() as List<String>) +
                (text =~ /\bguest\s*\([^)]*\)\s*\{[^}]*$/ ? Explanation.words(GuestSpec) : [])
        candidates.findAll { it.startsWith(prefix) }.toSet().sort()
    }

    private static List<String> members(Object from, List<String> names) {
        try {
            Object value = names.inject(from) { Object at, String name ->
                at == null ? null : InvokerHelper.getProperty(at, name)
            }
            return value == null ? [] : value instanceof Map ? value.keySet()*.toString() : Explanation.words(value.class)
        } catch (Exception none) {
            // There is no such property, or it fails, as those of a script's own classes do how they like.
            return []
        }
    }

    /** Turns {@code def x = 1} of the outermost level into {@code x = 1}, which lasts. */
    private static final class Lasting extends CompilationCustomizer {
        Lasting() {
            super(CompilePhase.CONVERSION)
        }

        @Override
        void call(SourceUnit source, GeneratorContext context, ClassNode node) {
            if (!node.script) {
                return
            }
            BlockStatement block = source.AST.statementBlock
            block.statements.findAll { it instanceof ExpressionStatement }.each {
                ExpressionStatement statement = (ExpressionStatement) it
                if (statement.expression instanceof DeclarationExpression) {
                    statement.expression = assignment((DeclarationExpression) statement.expression)
                }
            }
        }

        private static Expression assignment(DeclarationExpression declaration) {
            Expression right = declaration.rightExpression
            if (right instanceof EmptyExpression) {
                right = ConstantExpression.NULL
            }
            Token assign = Token.newSymbol(Types.ASSIGN, declaration.lineNumber, declaration.columnNumber)
            BinaryExpression assignment = new BinaryExpression(declaration.leftExpression, assign, right)
            assignment.sourcePosition = declaration
            assignment
        }
    }
}
