"""What people decide about what is told: claims, mutes, votes, notes, holds. One place for all doors."""
