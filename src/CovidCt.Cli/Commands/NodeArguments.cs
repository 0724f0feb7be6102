using System.CommandLine;
using CovidCt.Records;
using CovidCt.Studies;

namespace CovidCt.Cli.Commands;

/// <summary>Which study that was prepared, and where its files lie on this machine.</summary>
internal sealed class NodeArguments
{
    /// <summary>The name of the option that gives the study's folder.</summary>
    public const string StudyName = "--study";

    private readonly Option<string?> _data = SharedOptions.Text(
        "--data", "DIR", "Where the study's data set is on this machine. [default: where it was when the study was prepared]");

    private readonly Option<string?> _test =
        SharedOptions.Text("--test", "DIR", "The same of the data set that it tests on, if that is another one.");

    private readonly Option<string?> _weights = SharedOptions.Text(
        "--weights", "DIR", "Where the files of weights are on this machine. [default: where they were when the study was prepared]");

    /// <summary>What says where files lie.</summary>
    public IEnumerable<Option> All => [_data, _test, _weights];

    /// <summary>The folder of a study that was prepared.</summary>
    public static Option<string?> Study() => SharedOptions.Text(StudyName, "DIR", "The folder of the study: the --out of prepare.");

    /// <summary>What <see cref="Study"/> was given.</summary>
    /// <exception cref="UsageException">Nothing.</exception>
    public static string StudyOf(ParseResult parsed, Option<string?> study) =>
        Path.GetFullPath(parsed.GetValue(study) ?? throw new UsageException("Give --study DIR, the folder of a study that prepare began."));

    /// <summary>What was given, once the process is set up as the study wants it.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="study">The study's folder.</param>
    /// <exception cref="RunFolderException">There is no study.</exception>
    public NodeOptions Of(ParseResult parsed, string study)
    {
        var configuration = new StudyLayout(study).Configuration; // That there is none, the library says.
        if (File.Exists(configuration) && StudyConfiguration.ReadStudy(configuration).Options.Training.Deterministic)
        {
            NativeEnvironment.PrepareForDeterminism();
        }

        return new()
        {
            DataFolder = parsed.GetValue(_data),
            TestFolder = parsed.GetValue(_test),
            WeightsFolder = parsed.GetValue(_weights),
        };
    }
}
