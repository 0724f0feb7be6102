using System.Diagnostics;

namespace CovidCt.Cli.Tests;

public sealed class CompletionCommandTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("covidct pre", "predict prepare")]
    [InlineData("covidct weights ", "convert fetch inspect list")]
    [InlineData("covidct reproduce --dev", "--device")]
    [InlineData("covidct reproduce --device ", "auto cpu cuda")]
    [InlineData("covidct reproduce --backbones resnet1", "resnet101 resnet18")]
    [InlineData("covidct completion ", "bash pwsh zsh")]
    [InlineData("covidct predict --run ", "")]
    public void Bash_completes_commands_options_and_words(string line, string completions)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "bash is asked on Linux alone.");
        var script = _place.Write("covidct.bash", _place.Run("completion", "bash").Exits(0).Output);

        // As bash calls it: the program's name, the word under the cursor, and the line as it is typed.
        var call = $"source {script}; COMP_WORDS=(covidct); COMP_LINE='{line}'; COMP_POINT=${{#COMP_LINE}}; "
            + $"_covidct {Path.Combine(Workplace.Program, "covidct")} \"${{COMP_LINE##* }}\"; echo \"${{COMPREPLY[*]}}\"";
        using var bash = Process.Start(new ProcessStartInfo("bash", ["--norc", "-c", call]) { RedirectStandardOutput = true })!;

        Assert.Equal(completions, bash.StandardOutput.ReadToEnd().TrimEnd('\n'));
    }

    [Theory]
    [InlineData("bash", "complete ")]
    [InlineData("zsh", "compdef ")]
    [InlineData("pwsh", "Register-ArgumentCompleter")]
    public void Each_shell_has_its_script(string shell, string call)
    {
        var script = _place.Run("completion", shell).Exits(0).Output;

        Assert.Contains(call, script, StringComparison.Ordinal);
        Assert.Equal(script.TrimEnd(), _place.Run("completion", shell, "--json").Exits(0).Json["script"]!.GetValue<string>().TrimEnd());
    }

    [Fact]
    public void Another_shell_is_refused() => _place.Run("completion", "fish").Fails(2, "'fish'", "bash, zsh, pwsh");
}
