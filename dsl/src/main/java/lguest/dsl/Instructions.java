package lguest.dsl;

/** So many instructions, to be executed. */
public record Instructions(long count) {
    public Instructions {
        if (count < 0) {
            throw new ScriptFailure(count + ".instructions: cannot be less than none");
        }
    }

    /**
     * So many as a script says: {@code 5} or {@code 5.instructions}.
     *
     * @param word what they are for
     * @throws ScriptFailure if it is no whole number, or less than none
     */
    static long said(String word, Object instructions) {
        if (instructions instanceof Instructions given) {
            return given.count;
        }
        long count = instructions instanceof Integer || instructions instanceof Long ? ((Number) instructions).longValue() : -1;
        if (count < 0) {
            throw new ScriptFailure(word + "(" + instructions + "): give a number of instructions");
        }
        return count;
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
