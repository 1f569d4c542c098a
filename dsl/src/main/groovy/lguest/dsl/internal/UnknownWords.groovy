package lguest.dsl.internal

import groovy.transform.CompileStatic
import lguest.dsl.DeviceSpec
import lguest.dsl.ExpectSpec
import lguest.dsl.GuestSpec
import lguest.dsl.LgsScript
import lguest.dsl.PeerSpec
import lguest.dsl.PageSpec
import lguest.dsl.PortSpec
import lguest.dsl.ReportSpec
import lguest.dsl.RestoreSpec
import lguest.dsl.StructSpec
import org.codehaus.groovy.ast.ASTNode
import org.codehaus.groovy.ast.ClassCodeVisitorSupport
import org.codehaus.groovy.ast.ClassNode
import org.codehaus.groovy.ast.DynamicVariable
import org.codehaus.groovy.ast.MethodNode
import org.codehaus.groovy.ast.Parameter
import org.codehaus.groovy.ast.expr.BinaryExpression
import org.codehaus.groovy.ast.expr.ClosureExpression
import org.codehaus.groovy.ast.expr.Expression
import org.codehaus.groovy.ast.expr.MethodCallExpression
import org.codehaus.groovy.ast.expr.PropertyExpression
import org.codehaus.groovy.ast.expr.TupleExpression
import org.codehaus.groovy.ast.expr.VariableExpression
import org.codehaus.groovy.ast.stmt.ExpressionStatement
import org.codehaus.groovy.ast.stmt.ForStatement
import org.codehaus.groovy.classgen.GeneratorContext
import org.codehaus.groovy.control.CompilePhase
import org.codehaus.groovy.control.SourceUnit
import org.codehaus.groovy.control.customizers.CompilationCustomizer
import org.codehaus.groovy.syntax.SyntaxException
import org.codehaus.groovy.syntax.Types

/**
 * Finds words that nothing declares before the script runs, for in a hook they might be met much later: names in capitals, and
 * others that look like a word of the language spelt wrong. What else is unknown may come from somewhere, and is left to the run.
 */
@CompileStatic
final class UnknownWords extends CompilationCustomizer {
    private static final Map<String, Class<?>> BLOCKS =
        [guest: GuestSpec, device: DeviceSpec, peer: PeerSpec, port: PortSpec, page: PageSpec, report: ReportSpec, expect: ExpectSpec,
         restore: RestoreSpec, fork: RestoreSpec, struct: StructSpec] as Map<String, Class<?>>
    /** Calls whose closures mean by a word what the script means by it. */
    private static final Set<String> PLAIN = [
        'run', 'when', 'by', 'restore', 'fork', 'struct', 'waitFor', 'guest', 'device', 'peer', 'port', 'page', 'timer', 'report', 'expect', 'sent', 'received', 'read', 'write', 'console',
        'receive',
        'each', 'eachWithIndex', 'times', 'collect', 'collectEntries', 'collectMany', 'find', 'findAll', 'any', 'every', 'sort',
        'sum', 'max', 'min', 'groupBy', 'countBy', 'inject', 'upto', 'step'
    ] as Set<String>

    /** Nouns of the language, whose members are known: {@code cpu}, {@code memory}. */
    private static final Map<String, Class<?>> NOUNS = LgsScript.methods.findAll {
        it.name.startsWith('get') && it.parameterCount == 0 && it.returnType.name.startsWith('lguest.dsl.')
    }.collectEntries { [it.name[3].toLowerCase() + it.name.substring(4), it.returnType] } as Map<String, Class<?>>

    private final Set<String> variables
    private final boolean strict

    /**
     * @param variables that exist already, at a prompt
     * @param strict whether every unknown word is a mistake: for those who would rather hear of one too many
     */
    UnknownWords(Set<String> variables, boolean strict = false) {
        super(CompilePhase.SEMANTIC_ANALYSIS)
        this.variables = variables
        this.strict = strict
    }

    @Override
    void call(SourceUnit source, GeneratorContext context, ClassNode node) {
        Set<String> known = new HashSet<>(variables)
        known << 'Guest'
        new Definitions(source, known).visitClass(node)
        new Uses(source, known, node.script, strict).visitClass(node)
    }

    /** Collects the names that the script itself gives to things. */
    private static final class Definitions extends ClassCodeVisitorSupport {
        final SourceUnit sourceUnit
        private final Set<String> names

        Definitions(SourceUnit source, Set<String> names) {
            this.sourceUnit = source
            this.names = names
        }

        @Override
        void visitMethod(MethodNode method) {
            names << method.name
            add(method.parameters)
            super.visitMethod(method)
        }

        @Override
        void visitClosureExpression(ClosureExpression closure) {
            add(closure.parameters)
            super.visitClosureExpression(closure)
        }

        @Override
        void visitForLoop(ForStatement loop) {
            add(loop.variable)
            super.visitForLoop(loop)
        }

        /** Declarations are binary expressions, too. */
        @Override
        void visitBinaryExpression(BinaryExpression expression) {
            if (Types.ofType(expression.operation.type, Types.ASSIGNMENT_OPERATOR)) {
                add(expression.leftExpression)
            }
            super.visitBinaryExpression(expression)
        }

        private void add(Parameter... parameters) { parameters?.each { names << it.name } }

        private void add(Expression left) {
            if (left instanceof VariableExpression) {
                names << left.name
            } else if (left instanceof TupleExpression) {
                left.expressions.each { add(it) }
            }
        }
    }

    private static final class Uses extends ClassCodeVisitorSupport {
        final SourceUnit sourceUnit
        private final Set<String> known
        private final boolean script
        private final boolean strict
        private final List<Class<?>> blocks = []
        /** The method in whose arguments we are. */
        private String call
        /** Whether a closure around us may have a delegate that we do not know. */
        private boolean foreign

        Uses(SourceUnit source, Set<String> known, boolean script, boolean strict) {
            this.sourceUnit = source
            this.known = known
            this.script = script
            this.strict = strict
        }

        @Override
        void visitMethodCallExpression(MethodCallExpression expression) {
            String name = expression.methodAsString
            if (expression.implicitThis && name != null) {
                check(name, expression.method)
                if (script && name == 'run' && noArguments(expression)) {
                    complain('run() would run the script itself: say how far, run(2.seconds), or what to wait for, waitFor { }', expression)
                }
            }
            if (name != null) {
                member(expression.objectExpression, name, expression.method)
            }
            expression.objectExpression.visit(this)
            String outer = call
            call = name ?: '(computed)'
            expression.arguments.visit(this)
            call = outer
        }

        @Override
        void visitClosureExpression(ClosureExpression closure) {
            String outerCall = call
            boolean outerForeign = foreign
            Class<?> block = call == null ? null : BLOCKS[call]
            foreign = foreign || call != null && !PLAIN.contains(call)
            call = null
            if (block != null) {
                blocks << block
            }
            super.visitClosureExpression(closure)
            if (block != null) {
                blocks.removeLast()
            }
            foreign = outerForeign
            call = outerCall
        }

        /** {@code exit} alone is an event, of which nothing comes. */
        @Override
        void visitExpressionStatement(ExpressionStatement statement) {
            if (script && !foreign && statement.expression instanceof VariableExpression && statement.expression.text == 'exit') {
                complain('exit ends nothing like this: say exit() or exit 0', statement)
            }
            if (script && !foreign && subtracts(statement.expression)) {
                complain('exit -1 is a subtraction to Groovy: say exit(1), from 0 to 255', statement)
            }
            super.visitExpressionStatement(statement)
        }

        private static boolean subtracts(Expression expression) {
            expression instanceof BinaryExpression && expression.operation.type == Types.MINUS && expression.leftExpression.text == 'exit'
        }

        /** {@code cmdline = 'quiet'} in a block would be a variable of the script that nobody looks at. */
        @Override
        void visitBinaryExpression(BinaryExpression expression) {
            Expression left = expression.leftExpression
            if (!blocks.empty && expression.operation.type == Types.ASSIGN && left instanceof VariableExpression
                && left.accessedVariable instanceof DynamicVariable && Explanation.words(blocks.last()).contains(left.name)) {
                complain("${left.name} = ...: say ${left.name} ..., without =", expression)
            }
            super.visitBinaryExpression(expression)
        }

        @Override
        void visitVariableExpression(VariableExpression variable) {
            if (variable.accessedVariable instanceof DynamicVariable) {
                check(variable.name, variable)
            }
        }

        @Override
        void visitPropertyExpression(PropertyExpression expression) {
            if (expression.propertyAsString != null) {
                member(expression.objectExpression, expression.propertyAsString, expression.property)
            }
            super.visitPropertyExpression(expression)
        }

        /** What a noun of the language does not have. */
        private void member(Expression object, String name, ASTNode place) {
            String noun = object instanceof VariableExpression ? object.name : ''
            Class<?> type = strict && script && !foreign && blocks.empty && !known.contains(noun) ? NOUNS[noun] : null
            if (type != null && !Explanation.words(type).contains(name) && !ofEveryObject(name) && type.metaClass.methods*.name.count(name) == 0) {
                complain("no member ${name} of ${type.simpleName}"
                    + Similar.hint(name, Explanation.words(type)), place)
            }
        }

        private static boolean noArguments(MethodCallExpression call) {
            call.arguments instanceof TupleExpression && ((TupleExpression) call.arguments).expressions.empty
        }

        private void check(String name, ASTNode place) {
            if (known.contains(name)) {
                return
            }
            if (name ==~ /[A-Z][A-Z0-9_]+/ && place instanceof VariableExpression) {
                complain(Explanation.unknownConstant(call, name), place)
            } else if (script && !foreign) {
                List<Class<?>> where = blocks + [(Class<?>) LgsScript]
                List<String> words = where.collectMany { Explanation.words(it) }
                String hint = Explanation.hint(name, where)
                if ((strict || !Similar.hint(name, words).empty) && !words.contains(name) && !ofEveryObject(name)) {
                    complain("no word ${name}${blocks.empty ? '' : Explanation.of([blocks.last()])}${hint}", place)
                }
            }
        }

        private static boolean ofEveryObject(String name) {
            Script.methods.any { it.name == name } || !Object.metaClass.respondsTo(new Object(), name).empty ||
                Object.metaClass.hasProperty(new Object(), name) != null
        }

        private void complain(String message, ASTNode place) {
            sourceUnit.addError(new SyntaxException(message, place))
        }
    }
}
