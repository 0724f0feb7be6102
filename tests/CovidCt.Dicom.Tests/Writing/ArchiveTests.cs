using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace CovidCt.Dicom.Tests.Writing;

/// <summary>What an archive makes of the files that are written: <c>tests/dicom/orthanc.sh</c>.</summary>
[Trait("Category", "Long")]
public sealed class ArchiveTests(ITestOutputHelper output) : IDisposable
{
    private const int LacksProgram = 77;

    private readonly AnsweredSeries _answers = new();

    public void Dispose() => _answers.Dispose();

    [Theory]
    [InlineData("documented")]
    [InlineData("latin-1")]
    [InlineData("enhanced")]
    public void Orthanc_finds_report_and_picture_in_the_study_of_their_source_each_once(string kind)
    {
        var (source, series, _) = _answers.Series(kind);
        StructuredReport.Write(_answers["report.dcm"], source, AnsweredSeries.Answer);
        SecondaryCapture.Write(_answers["picture.dcm"], source, series.Slices[1], AnsweredSeries.Answer, AnsweredSeries.Picture(), "Grad-CAM of COVID");
        Assert.SkipUnless(File.Exists("/bin/bash"), "There is no bash.");
        using var script = Process.Start(new ProcessStartInfo("/bin/bash", [Script(), _answers[kind], _answers["report.dcm"], _answers["picture.dcm"]])
        {
            RedirectStandardOutput = true,
        })!;
        var said = script.StandardOutput.ReadToEnd();
        script.WaitForExit();
        output.WriteLine(said);
        Assert.SkipWhen(script.ExitCode == LacksProgram, said.Trim());
        Assert.Equal(0, script.ExitCode);
        Assert.Contains("checks, 0 failed", said, StringComparison.Ordinal);
    }

    private static string Script([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../dicom/orthanc.sh"));
}
