using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CovidCt.Tests;

namespace CovidCt.Cli.Tests;

/// <summary>A folder of its own in which the program is run: within this process, or built, as a user runs it.</summary>
public sealed partial class Workplace : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    /// <summary>The process has one, so one run at a time has it.</summary>
    private static readonly Lock WorkingDirectory = new();

    /// <summary>The folder, which goes away with the test.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("covidct-cli-").FullName;

    /// <summary>The program's own folder, beside this one in the repository: src/CovidCt.Cli/bin/CONFIGURATION/FRAMEWORK.</summary>
    public static string Program { get; } = FindProgram();

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    public string PathOf(string file) => Path.Combine(Folder, file);

    public string Write(string file, byte[] content)
    {
        var path = PathOf(file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }

    public string Write(string file, string content) => Write(file, Encoding.UTF8.GetBytes(content));

    /// <summary>Writes a phantom data set, of each patient so many images at most, and gives its folder.</summary>
    public string WritePhantom(int patients = 4, int imagesOfEach = 4, string name = "data", int seed = 0)
    {
        var folder = PathOf(name);
        Phantom.Write(folder, patients, seed: seed);
        var manifest = Path.Combine(folder, "manifest.csv");
        var rows = File.ReadAllLines(manifest);
        var kept = rows.Skip(1).GroupBy(row => row.Split(',')[2]).SelectMany(patient => patient.Take(imagesOfEach));
        File.WriteAllLines(manifest, [rows[0], .. kept]);
        return folder;
    }

    /// <summary>Every file and folder here, but those below <paramref name="except"/>.</summary>
    public IReadOnlyList<string> Entries(params string[] except) =>
    [
        .. Directory.EnumerateFileSystemEntries(Folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Select(entry => Path.GetRelativePath(Folder, entry).Replace(Path.DirectorySeparatorChar, '/'))
            .Where(entry => !except.Any(folder => entry == folder || entry.StartsWith(folder + "/", StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Runs the program to its end within this process; a study trains on one thread here (<see cref="TorchSetup"/>).</summary>
    public Outcome Run(params string[] arguments) => RunWith([], arguments);

    /// <summary>Runs the program to its end within this process, whose environment has further variables meanwhile.</summary>
    public Outcome RunWith(Dictionary<string, string> environment, params string[] arguments)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var errors = new StringWriter(CultureInfo.InvariantCulture);
        int code;
        lock (WorkingDirectory)
        {
            var before = Environment.CurrentDirectory;
            var outer = environment.Keys.ToDictionary(name => name, Environment.GetEnvironmentVariable);
            Environment.CurrentDirectory = Folder;
            Set(environment.Keys, name => environment[name]);
            try
            {
                code = CommandLine.Run(arguments, TextWriter.Synchronized(output), TextWriter.Synchronized(errors), isTerminal: false);
            }
            finally
            {
                Set(environment.Keys, name => outer[name]);
                Environment.CurrentDirectory = before;
            }
        }

        return Checked(new(code, output.ToString(), errors.ToString()), arguments);

        static void Set(IEnumerable<string> names, Func<string, string?> value)
        {
            foreach (var name in names)
            {
                Environment.SetEnvironmentVariable(name, value(name));
            }
        }
    }

    /// <summary>Does what trains within this process while no <see cref="Run"/> does: they would share a random generator.</summary>
    public static void Alone(Action train)
    {
        lock (WorkingDirectory)
        {
            train();
        }
    }

    /// <summary>Runs the built program to its end.</summary>
    public Outcome RunProcess(params string[] arguments) => RunFrom(Program, [], arguments);

    /// <summary>Runs a copy of the program, with further environment variables, to its end.</summary>
    public Outcome RunFrom(string program, Dictionary<string, string> environment, params string[] arguments)
    {
        using var running = StartFrom(program, environment, arguments);
        return running.Finish();
    }

    /// <summary>Starts the program, which listens to interrupts even where a shell has its background jobs ignore them.</summary>
    public Running Start(params string[] arguments) => StartFrom(Program, [], arguments, listens: OperatingSystem.IsLinux());

    private Running StartFrom(string program, Dictionary<string, string> environment, string[] arguments, bool listens = false)
    {
        var file = Path.Combine(program, OperatingSystem.IsWindows() ? "covidct.exe" : "covidct");
        var start = new ProcessStartInfo(listens ? "env" : file, listens ? ["--default-signal=INT", file, .. arguments] : arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment["OMP_WAIT_POLICY"] = "passive";
        start.Environment.Remove("COVIDCT_LIBTORCH");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new(Process.Start(start)!, this, arguments);
    }

    /// <summary>Checks what holds for every run.</summary>
    private Outcome Checked(Outcome outcome, string[] arguments)
    {
        Assert.DoesNotMatch(StackTrace(), outcome.Output + outcome.Errors);
        Assert.DoesNotContain('\u001b', outcome.Output + outcome.Errors);
        if (arguments.TakeWhile(argument => argument != "--").Contains("--json"))
        {
            _ = outcome.Json;
        }

        // The empty lock of the canvases stays, so that a third process can't take a new one beside a second that waits for it.
        Assert.DoesNotContain(Entries(), entry => entry.EndsWith(".tmp", StringComparison.Ordinal)
            || (entry.EndsWith(".lock", StringComparison.Ordinal) && !entry.EndsWith("canvases/.lock", StringComparison.Ordinal)));
        return outcome;
    }

    private static string FindProgram()
    {
        var output = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var (framework, configuration) = (output.Name, output.Parent!.Name);
        var repository = output.Parent.Parent!.Parent!.Parent!.Parent!.FullName;
        return Path.Combine(repository, "src", "CovidCt.Cli", "bin", configuration, framework);
    }

    /// <summary>The program under way.</summary>
    public sealed class Running : IDisposable
    {
        private readonly Process _process;
        private readonly Workplace _place;
        private readonly string[] _arguments;
        private readonly Task<string> _output;
        private readonly Task<string> _errors;

        internal Running(Process process, Workplace place, string[] arguments)
        {
            (_process, _place, _arguments) = (process, place, arguments);
            _output = process.StandardOutput.ReadToEndAsync();
            _errors = process.StandardError.ReadToEndAsync();
        }

        public int Id => _process.Id;

        public bool HasEnded => _process.HasExited;

        /// <summary>Waits until a file is there.</summary>
        public void WaitFor(string file)
        {
            var clock = Stopwatch.StartNew();
            while (!File.Exists(_place.PathOf(file)))
            {
                Assert.False(_process.HasExited, $"It ended before {file} was there: {(_process.HasExited ? _errors.Result : "")}");
                Assert.True(clock.Elapsed < Patience, $"{file} is not there after {Patience}.");
                Thread.Sleep(5);
            }
        }

        /// <summary>Ends the program, and the workers that it started where that is asked, as SIGKILL does.</summary>
        public void Kill(bool withWorkers = false)
        {
            _process.Kill(withWorkers);
            _process.WaitForExit();
        }

        /// <summary>Sends a signal by its name, such as INT.</summary>
        public void Signal(string name)
        {
            using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
            kill.WaitForExit();
        }

        /// <summary>Waits for the end.</summary>
        public Outcome Finish()
        {
            if (!_process.WaitForExit(Patience))
            {
                _process.Kill();
                Assert.Fail($"It didn't end within {Patience}.");
            }

            return _place.Checked(new(_process.ExitCode, _output.Result, _errors.Result), _arguments);
        }

        public void Dispose()
        {
            if (!_process.HasExited)
            {
                _process.Kill();
            }

            _process.Dispose();
        }
    }

    /// <summary>What a run left.</summary>
    /// <param name="ExitCode">The exit code.</param>
    /// <param name="Output">Standard output.</param>
    /// <param name="Errors">Standard error.</param>
    public sealed record Outcome(int ExitCode, string Output, string Errors)
    {
        /// <summary>The one document of standard output.</summary>
        public JsonNode Json
        {
            get
            {
                try
                {
                    return JsonNode.Parse(Output)!;
                }
                catch (JsonException e)
                {
                    throw new InvalidDataException($"Standard output is not one JSON document ({e.Message}):\n{Output}\nStandard error:\n{Errors}", e);
                }
            }
        }

        /// <summary>Checks for an exit code, showing what was said where it is another.</summary>
        public Outcome Exits(int code)
        {
            Assert.True(ExitCode == code, $"Exit code {ExitCode}, not {code}.\n{Output}\n{Errors}");
            return this;
        }

        /// <summary>Checks for one line of error, and for the same in the document where one was asked for.</summary>
        public void Fails(int code, params string[] words)
        {
            Exits(code);
            var said = Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Last(line => line.StartsWith("covidct: ", StringComparison.Ordinal))["covidct: ".Length..];
            Assert.All(words, word => Assert.Contains(word, said, StringComparison.Ordinal));
            Assert.DoesNotContain("defect of this program", said, StringComparison.Ordinal);
            Assert.DoesNotContain("(Parameter '", said, StringComparison.Ordinal);
            Assert.DoesNotContain("System.", said, StringComparison.Ordinal);
            if (Output.Length > 0 && Output[0] == '{')
            {
                Assert.Equal(code, Json["error"]!["code"]!.GetValue<int>());
                Assert.Equal(said, Json["error"]!["message"]!.GetValue<string>());
            }
        }
    }

    [GeneratedRegex(@"^\s+at \S+\(|Unhandled exception", RegexOptions.Multiline)]
    private static partial Regex StackTrace();
}
