using System.Diagnostics;

namespace CovidCt.Dicom.Tests;

/// <summary>Programs that know DICOM; a test is skipped with a sentence that names the one it lacks.</summary>
internal static class Programs
{
    /// <summary>Runs a program that ends with 0.</summary>
    /// <returns>All that it wrote.</returns>
    public static string Run(string program, params string[] arguments)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"There is no {program} on the PATH.");
        var (code, said) = Start(path!, arguments);
        Assert.True(code == 0, $"{program} ended with {code}: {said}");
        return said;
    }

    /// <summary>Runs a script with pydicom and numpy.</summary>
    /// <returns>All that it wrote.</returns>
    public static string Pydicom(string script, params string[] arguments)
    {
        var python = new[] { Environment.GetEnvironmentVariable("COVIDCT_DICOM_PYTHON"), "/usr/bin/python3" }
            .FirstOrDefault(file => File.Exists(file) && Start(file, "-c", "import pydicom, numpy").Code == 0);
        Assert.SkipWhen(python is null, "COVIDCT_DICOM_PYTHON names no interpreter with pydicom and numpy.");
        var (code, said) = Start(python!, ["-c", script, .. arguments]);
        Assert.True(code == 0, $"The script ended with {code}: {said}");
        return said;
    }

    private static (int Code, string Said) Start(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var said = process.StandardOutput.ReadToEnd() + errors.Result;
        process.WaitForExit();
        TestContext.Current.TestOutputHelper?.WriteLine($"{Path.GetFileName(program)}: {said}");
        return (process.ExitCode, said);
    }
}
