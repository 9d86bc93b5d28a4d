/** Sessions for which the beacon has preimages; a day of one-minute sessions and more. */
export const BEACON_LINKS = 4_096;
