using System.CommandLine;
using TargetProfiles.Cli.Output;
using TargetProfiles.Sending;

namespace TargetProfiles.Cli.Commands;

/// <summary><c>target-profiles get</c>: profiles as the service has them.</summary>
internal sealed class GetCommand : Command
{
    private readonly Argument<string[]> _ids = new("ID") { Description = "Ids of profiles.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string> _idType = new("--id-type") { Description = "What the ids are: thirdPartyId, pcId or ecid.", DefaultValueFactory = _ => "thirdPartyId", HelpName = "TYPE" };
    private readonly ConnectionSwitches _connection;
    private readonly OutputSwitches _output;

    public GetCommand()
        : base("get", "Fetches profiles and shows their attributes.")
    {
        _idType.AcceptOnlyFromAmong("thirdPartyId", "pcId", "ecid");
        Add(_ids);
        Add(_idType);
        _connection = new ConnectionSwitches(this);
        _output = new OutputSwitches(this, hasSteps: false);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        var idType = parsed.GetValue(_idType)!;
        var keys = parsed.GetValue(_ids)!.Select(id => Key(idType, id)).ToList();
        using var interruption = new Interruption();
        using var connection = new TargetConnection(_connection.Read(parsed));
        var calls = new ServiceCalls(connection);
        var lines = new Lines();
        var profiles = new List<TargetProfile>();
        var exitCode = ExitCode.Success;
        foreach (var key in keys)
        {
            try
            {
                profiles.Add(await calls.GetProfileAsync(key, interruption.Token).ConfigureAwait(false));
            }
            catch (TargetServiceException e)
            {
                lines.Error(Failures.Text(e));
                exitCode = e.Kind == ServiceFailureKind.ProfileNotFound ? ExitCode.NotAllAccepted : Failures.ExitCodeOf(e);
                if (exitCode != ExitCode.NotAllAccepted)
                    break;
            }
        }

        if (_output.IsJson(parsed))
            JsonOutput.Write(profiles);
        else
            profiles.ForEach(ProfileTable.Write);
        return exitCode;
    }

    private static ProfileKey Key(string idType, string id) => idType switch
    {
        "pcId" => ProfileKey.ByPcId(id),
        "ecid" => ProfileKey.ByEcid(id),
        _ => ProfileKey.ByThirdPartyId(id),
    };
}
