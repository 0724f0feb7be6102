namespace CovidCt.Cli.Tests.Jobs;

public sealed class JobOptionsTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("--jobs", "0")]
    [InlineData("--jobs", "many")]
    [InlineData("--threads", "0")]
    public void A_number_out_of_its_range_is_refused(string option, string value) =>
        _place.Run("reproduce", option, value, "--out", "out").Fails(2, option, value, "whole number");
}
