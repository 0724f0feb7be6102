using CovidCt.Records;
using CovidCt.Reporting.Figures;
using CovidCt.Reporting.Html;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CovidCt.Reporting.Tests.DependencyInjection;

public sealed class AddCovidCtReportingTests
{
    [Fact]
    [Trait("Category", "Long")]
    public void Figures_and_report_can_be_resolved_once_for_the_application()
    {
        using var provider = new ServiceCollection().AddCovidCtReporting().BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
        Assert.Same(provider.GetRequiredService<StudyFigures>(), provider.GetRequiredService<StudyFigures>());
        using var sample = SampleStudy.Finished();
        provider.GetRequiredService<HtmlReport>().Write(sample.Report, StudyReport.Read(sample.Folder));
        Assert.True(File.Exists(sample.Report));
    }

    [Fact]
    public void Wrong_options_are_found_on_first_use()
    {
        using var provider = new ServiceCollection().AddCovidCtReporting(options => options.PictureSize = 0).BuildServiceProvider();
        var error = Assert.Throws<OptionsValidationException>(provider.GetRequiredService<HtmlReport>);
        Assert.Contains(nameof(HtmlReportOptions.PictureSize), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_application_registered_is_kept()
    {
        var figures = new StudyFigures();
        using var provider = new ServiceCollection().AddSingleton(figures).AddCovidCtReporting().BuildServiceProvider();
        Assert.Same(figures, provider.GetRequiredService<StudyFigures>());
        Assert.NotNull(provider.GetRequiredService<HtmlReport>());
    }
}
