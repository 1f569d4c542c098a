package lguest.dsl;

/** So many instructions, to be executed. */
public record Instructions(long count) {
    public Instructions {
        if (count < 0) {
            throw new ScriptFailure(count + ".instructions: cannot be less than none");
        }
    }

    /** {@code -5.instructions} is this to Groovy, and a failure. */
    public Instructions negative() {
        return new Instructions(-count);
    }

    @Override
    public String toString() {
        return count + " instructions";
    }
}
