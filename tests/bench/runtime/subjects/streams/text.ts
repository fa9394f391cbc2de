/** Text of every delta. */
export const TEXT = 'A khipu is a record of knotted cords, ';
