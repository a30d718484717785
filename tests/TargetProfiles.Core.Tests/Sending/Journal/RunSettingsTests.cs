using FsCheck.Fluent;
using TargetProfiles.Sending.Journal;

namespace TargetProfiles.Core.Tests;

/// <summary>What a journal holds of a run's settings is enough to read its rows again as the run read them.</summary>
public sealed class RunSettingsTests : IDisposable
{
    private readonly Wire _wire = new();

    public void Dispose() => _wire.Dispose();

    [Fact]
    public void Lists_of_any_texts_are_read_as_they_were_given() => Generators.Check(Gen.ArrayOf(Generators.Text), texts =>
    {
        var options = new SendOptions
        {
            Mapping = new RowMapping { Properties = texts, ExcludedProperties = texts, HashedProperties = texts, NullTexts = texts },
            Csv = new CsvOptions { Header = texts.Length == 0 ? null : texts },
        };
        var settings = RunSettings.Of(options, _wire.Connection, ProfileApiVersion.V2);
        var mapping = RunSettings.Mapping(settings);
        return new[] { mapping.Properties, mapping.ExcludedProperties, mapping.HashedProperties, mapping.NullTexts, RunSettings.Csv(settings).Header ?? [] }
            .All(list => list.SequenceEqual(texts));
    });
}
