using System.ComponentModel;
using System.Diagnostics;

namespace CovidCt.Benchmarks;

/// <summary>The Python that the peers run in, and processes that answer once.</summary>
internal static class Peer
{
    /// <summary><c>COVIDCT_PYTHON</c>, or python3.</summary>
    public static string Python => Environment.GetEnvironmentVariable("COVIDCT_PYTHON") is { Length: > 0 } chosen ? chosen : "python3";

    /// <summary>This program, and what comes first of its arguments: where <c>dotnet FILE.dll</c> was started, the process is dotnet.</summary>
    public static (string Program, string[] First) Self => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
        ? (Environment.ProcessPath!, [typeof(Peer).Assembly.Location])
        : (Environment.ProcessPath!, []);

    /// <summary>Where a peer's script lies.</summary>
    public static string Script(params string[] path) => Path.Combine([AppContext.BaseDirectory, "peers", .. path]);

    /// <summary>What a program wrote to its standard output.</summary>
    /// <exception cref="PeerException">It isn't there, or failed.</exception>
    public static string Run(string program, params string[] arguments)
    {
        var (code, output, errors) = Start(program, arguments);
        return code == 0
            ? output
            : throw new PeerException($"{program} {string.Join(' ', arguments)} ended with exit code {code}. {LastLine(errors)}");
    }

    /// <summary>The same, or null where the program failed.</summary>
    /// <exception cref="PeerException">It isn't there.</exception>
    public static string? TryRun(string program, params string[] arguments) =>
        Start(program, arguments) is (0, var output, _) ? output : null;

    /// <summary>Starts a program.</summary>
    /// <exception cref="PeerException">It isn't there.</exception>
    public static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new PeerException($"{start.FileName} can't be started: {e.Message}");
        }
    }

    private static (int Code, string Output, string Errors) Start(string program, string[] arguments)
    {
        using var process = Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true });
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }

    private static string LastLine(string text) => text.TrimEnd().Split('\n')[^1];
}

/// <summary>A process that was to be measured failed; the message says which and why.</summary>
internal sealed class PeerException(string message) : Exception(message);
