package lguest.translate;

/** Knows all regions. */
public interface Regions {
    /** The region that begins at EIP in the present mode; null if there is none, or if finding out might fault. */
    Region atEip();
}
