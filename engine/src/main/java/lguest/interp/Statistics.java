package lguest.interp;

/** What the engine has done so far. For the thread that runs the guest, or while nobody does. */
public final class Statistics {
    long blocks;
    long requests;
    long regions;
    long installedInstructions;
    long codeBytes;
    long secondGeneration;
    long overwritten;
    long retired;
    long entries;
    long leftToInterpreter;
    long translated;

    /** Blocks decoded. */
    public long blocks() {
        return blocks;
    }

    /** Regions asked for. */
    public long requests() {
        return requests;
    }

    /** Regions put to use. */
    public long regions() {
        return regions;
    }

    /** How many of them were made of hot ones once more. */
    public long secondGeneration() {
        return secondGeneration;
    }

    /** Blocks whose code was overwritten. */
    public long overwritten() {
        return overwritten;
    }

    /** Guest instructions in them. */
    public long regionInstructions() {
        return installedInstructions;
    }

    /** Bytecode in them, in bytes. */
    public long codeBytes() {
        return codeBytes;
    }

    /** Regions whose code was overwritten or forgotten. */
    public long retired() {
        return retired;
    }

    /** How often execution went from the interpreter to a region. */
    public long entries() {
        return entries;
    }

    /** How often a region left an instruction to the interpreter, for a TLB miss mostly. */
    public long leftToInterpreter() {
        return leftToInterpreter;
    }

    /** Instructions executed by regions. */
    public long translated() {
        return translated;
    }

    @Override
    public String toString() {
        return String.format("%d blocks; %d regions of %d asked for, %d instructions in %d bytes of bytecode, %d retired; "
            + "%d instructions executed by them, entered %d times, left to the interpreter %d times", blocks, regions, requests,
            installedInstructions, codeBytes, retired, translated, entries, leftToInterpreter);
    }
}
