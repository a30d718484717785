namespace TargetProfiles.Emulator.Profiles;

/// <summary>One attribute's value, when it was set, and whether a v2 batch set it since the last mbox call.</summary>
internal readonly record struct AttributeValue(string Text, DateTimeOffset ModifiedAt, bool Pending);
