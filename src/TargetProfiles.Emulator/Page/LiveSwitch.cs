using System.Globalization;
using System.Text.Json;

namespace TargetProfiles.Emulator.Page;

/// <summary>One of the emulator's options that the live page shows and turns.</summary>
internal sealed class LiveSwitch
{
    private const double MostSeconds = 31_536_000;

    private LiveSwitch(string name, string group, string label, string kind)
    {
        Name = name;
        Group = group;
        Label = label;
        Kind = kind;
    }

    public static IReadOnlyList<LiveSwitch> All { get; } =
    [
        Seconds(nameof(EmulatorOptions.ProcessingDelay), "Delays", "Processing delay", o => o.ProcessingDelay, (o, v) => o.ProcessingDelay = v!.Value),
        Seconds(nameof(EmulatorOptions.UpdateDelay), "Delays", "Single update delay", o => o.UpdateDelay, (o, v) => o.UpdateDelay = v!.Value),
        Seconds(nameof(EmulatorOptions.FetchLag), "Delays", "Fetch lag", o => o.FetchLag, (o, v) => o.FetchLag = v!.Value),
        Choice(nameof(EmulatorOptions.ProcessingOrder), "Delays", "Processing order", o => o.ProcessingOrder, (o, v) => o.ProcessingOrder = v),

        Number(nameof(EmulatorOptions.LossRate), "Failures", "Loss rate, 0 to 1", 0, 1, o => o.LossRate, (o, v) => o.LossRate = v!.Value),
        Whole(nameof(EmulatorOptions.StuckBatches), "Failures", "Next batches that get stuck", 0, o => o.StuckBatches, (o, v) => o.StuckBatches = v!.Value),
        Flag(nameof(EmulatorOptions.ForceStuck), "Failures", "Every batch gets stuck", o => o.ForceStuck, (o, v) => o.ForceStuck = v),
        Choice(nameof(EmulatorOptions.OverrideMode), "Failures", "A later v2 batch overrides", o => o.OverrideMode, (o, v) => o.OverrideMode = v),

        Optional(Whole(nameof(EmulatorOptions.StatusRetentionCount), "Status", "Statuses kept", 1, o => o.StatusRetentionCount, (o, v) => o.StatusRetentionCount = v)),
        Optional(Seconds(nameof(EmulatorOptions.StatusRetentionTime), "Status", "Statuses kept for", o => o.StatusRetentionTime, (o, v) => o.StatusRetentionTime = v)),
        Flag(nameof(EmulatorOptions.UnknownBatchIsNotFound), "Status", "Unknown batches are 404", o => o.UnknownBatchIsNotFound, (o, v) => o.UnknownBatchIsNotFound = v),
        Flag(nameof(EmulatorOptions.ListFailedProfiles), "Status", "Details list failed rows", o => o.ListFailedProfiles, (o, v) => o.ListFailedProfiles = v),

        Secret(nameof(EmulatorOptions.Token), "Access", "Token required", o => o.Token is not null, (o, v) => o.Token = v),
        Flag(nameof(EmulatorOptions.ThrottleEnabled), "Access", "Limit calls (503)", o => o.ThrottleEnabled, (o, v) => o.ThrottleEnabled = v),
        Whole(nameof(EmulatorOptions.CallsPerMinute), "Access", "Calls a minute", 0, o => o.CallsPerMinute, (o, v) => o.CallsPerMinute = v!.Value),
        Flag(nameof(EmulatorOptions.ThrottleStatusCalls), "Access", "Status calls count too", o => o.ThrottleStatusCalls, (o, v) => o.ThrottleStatusCalls = v),
        Optional(Whole(nameof(EmulatorOptions.RetryAfterSeconds), "Access", "Retry-After, in seconds", 0, o => o.RetryAfterSeconds, (o, v) => o.RetryAfterSeconds = v)),
    ];

    public string Name { get; }

    public string Group { get; }

    public string Label { get; }

    /// <summary><c>flag</c>, <c>number</c>, <c>seconds</c>, <c>choice</c> or <c>secret</c>: a value that is set and never shown.</summary>
    public string Kind { get; }

    /// <summary>Whether nothing, too, is a value.</summary>
    public bool IsOptional { get; private init; }

    public double Least { get; private init; }

    public double Most { get; private init; } = double.MaxValue;

    public bool IsWhole { get; private init; }

    public string[] Choices { get; private init; } = [];

    /// <summary>What <see cref="TryTurn"/> takes, for the message when it does not.</summary>
    public string Takes => Kind switch
    {
        "flag" => "true or false",
        "choice" => string.Join(" or ", Choices),
        "secret" => "text, or null for none",
        _ => string.Format(
            CultureInfo.InvariantCulture, "a {0}number {1}{2}", IsWhole ? "whole " : "", Most > MostSeconds ? $"from {Least}" : $"from {Least} to {Most}", IsOptional ? ", or null for none" : ""),
    };

    private Func<EmulatorOptions, object?> Get { get; init; } = _ => null;

    private Action<EmulatorOptions, object?> Set { get; init; } = (_, _) => { };

    /// <summary>Sets the option; false if the value is not one of its kind.</summary>
    public bool TryTurn(EmulatorOptions options, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.True or JsonValueKind.False when Kind == "flag":
                Set(options, value.GetBoolean());
                return true;
            case JsonValueKind.Number when Kind is "number" or "seconds" && Fits(value.GetDouble()):
                Set(options, value.GetDouble());
                return true;
            case JsonValueKind.String when Kind == "secret" || Choices.Contains(value.GetString()):
                Set(options, value.GetString() is { Length: > 0 } text ? text : null);
                return true;
            case JsonValueKind.Null when IsOptional:
                Set(options, null);
                return true;
            default:
                return false;
        }
    }

    public void Write(Utf8JsonWriter json, EmulatorOptions options)
    {
        json.WriteStartObject();
        json.WriteString("name", Name);
        json.WriteString("group", Group);
        json.WriteString("label", Label);
        json.WriteString("kind", Kind);
        json.WriteBoolean("optional", IsOptional);
        json.WriteNumber("least", Least);
        if (Most < double.MaxValue)
        {
            json.WriteNumber("most", Most);
        }

        json.WriteBoolean("whole", IsWhole);
        json.WritePropertyName("choices");
        JsonSerializer.Serialize(json, Choices);
        json.WritePropertyName("value");
        JsonSerializer.Serialize(json, Get(options));
        json.WriteEndObject();
    }

    private static LiveSwitch Flag(string name, string group, string label, Func<EmulatorOptions, bool> get, Action<EmulatorOptions, bool> set) =>
        new(name, group, label, "flag") { Get = options => get(options), Set = (options, value) => set(options, (bool)value!) };

    private static LiveSwitch Number(
        string name, string group, string label, double least, double most, Func<EmulatorOptions, double?> get, Action<EmulatorOptions, double?> set) =>
        new(name, group, label, "number") { Least = least, Most = most, Get = options => get(options), Set = (options, value) => set(options, (double?)value) };

    private static LiveSwitch Whole(string name, string group, string label, int least, Func<EmulatorOptions, int?> get, Action<EmulatorOptions, int?> set) =>
        new(name, group, label, "number")
        {
            Least = least,
            Most = int.MaxValue,
            IsWhole = true,
            Get = options => get(options),
            Set = (options, value) => set(options, (int?)(double?)value),
        };

    private static LiveSwitch Seconds(string name, string group, string label, Func<EmulatorOptions, TimeSpan?> get, Action<EmulatorOptions, TimeSpan?> set) =>
        new(name, group, label, "seconds")
        {
            Most = MostSeconds,
            Get = options => get(options)?.TotalSeconds,
            Set = (options, value) => set(options, value is double seconds ? TimeSpan.FromSeconds(seconds) : null),
        };

    private static LiveSwitch Choice<TEnum>(string name, string group, string label, Func<EmulatorOptions, TEnum> get, Action<EmulatorOptions, TEnum> set)
        where TEnum : struct, Enum =>
        new(name, group, label, "choice")
        {
            Choices = typeof(TEnum).GetEnumNames(),
            Get = options => get(options).ToString(),
            Set = (options, value) => set(options, (TEnum)Enum.Parse(typeof(TEnum), (string)value!)),
        };

    private static LiveSwitch Secret(string name, string group, string label, Func<EmulatorOptions, bool> isSet, Action<EmulatorOptions, string?> set) =>
        new(name, group, label, "secret") { IsOptional = true, Get = options => isSet(options), Set = (options, value) => set(options, (string?)value) };

    private static LiveSwitch Optional(LiveSwitch required) => new(required.Name, required.Group, required.Label, required.Kind)
    {
        IsOptional = true,
        Least = required.Least,
        Most = required.Most,
        IsWhole = required.IsWhole,
        Get = required.Get,
        Set = required.Set,
    };

    private bool Fits(double value) => value >= Least && value <= Most && (!IsWhole || value == Math.Floor(value));
}
