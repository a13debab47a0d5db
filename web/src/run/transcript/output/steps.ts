/** How many lines of an output are shown unasked, and how many more each time that somebody asks. */
export const FIRST = 8;
export const MORE = 500;
/** How far it is unfolded for all of it to be there. */
export const ALL = 1_000_000;
