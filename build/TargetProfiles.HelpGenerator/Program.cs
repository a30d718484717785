using TargetProfiles.HelpGenerator;

if (args is not [var pages, var output])
{
    Console.Error.WriteLine("Usage: TargetProfiles.HelpGenerator FOLDER-OF-PAGES OUTPUT-FOLDER");
    return 2;
}

try
{
    HelpFiles.Write(pages, output);
    return 0;
}
catch (PageException e)
{
    Console.Error.WriteLine(e.BuildError);
    return 1;
}
