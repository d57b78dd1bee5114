import type { ObjectId } from 'mongodb';

/** The collections of the system before, as issue 6 describes them. Fields that a planted fault can spoil are wider than they should be. */
export interface LegacyEventDocument {
  readonly _id: ObjectId;
  readonly title: string;
  readonly type: string;
  readonly purpose: string;
  /** "YYYY-MM-DD", in the organizers' time zone. */
  readonly date: string;
  /** "HH:MM" */
  readonly time: string;
  readonly endTime: string;
  readonly location: string;
  readonly organizer: string;
  readonly createdBy: ObjectId;
  readonly roles: readonly LegacyRole[];
  readonly signedUp: number;
  readonly totalSlots: number;
  readonly status: 'upcoming' | 'ongoing' | 'completed' | 'cancelled';
  readonly __v: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface LegacyRole {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** One of the two, by `capacityField`. */
  readonly maxParticipants?: number;
  readonly capacity?: number;
  readonly currentSignups: readonly LegacyLine[];
}

/** A line of `currentSignups`. */
export interface LegacyLine {
  readonly userId: ObjectId;
  readonly username: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly systemAuthorizationLevel: string;
  readonly roleInAtCloud: string;
  readonly avatar: string | null;
  readonly gender: string;
  readonly notes?: string;
}

export interface LegacyRegistrationDocument {
  readonly _id: ObjectId;
  readonly userId?: unknown;
  readonly eventId: ObjectId;
  readonly roleId: string;
  readonly userSnapshot: {
    readonly username: string;
    readonly firstName: string;
    readonly lastName: string;
    readonly email: string;
    readonly systemAuthorizationLevel: string;
    readonly roleInAtCloud: string;
    readonly avatar: string | null;
    readonly gender: string;
  };
  readonly eventSnapshot: {
    readonly title: string;
    readonly date: string;
    readonly time: string;
    readonly location: string;
    readonly type: string;
    readonly roleName: string;
    readonly roleDescription: string;
  };
  readonly status: string;
  readonly registrationDate?: unknown;
  readonly notes?: string;
  readonly specialRequirements?: string;
  readonly actionHistory: readonly LegacyActionLine[];
  readonly registeredBy: ObjectId;
  readonly ipAddress: string;
  readonly userAgent: string;
  readonly __v: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface LegacyActionLine {
  readonly action: string;
  readonly performedBy: ObjectId;
  readonly performedAt: Date;
  readonly details?: string;
  readonly previousValue?: string;
  readonly newValue?: string;
}

export interface LegacyUserDocument {
  readonly _id: ObjectId;
  readonly username: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly gender: string;
  readonly avatar: string | null;
  readonly role: string;
  readonly roleInAtCloud: string;
  readonly isActive: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
