# Completion of covidct for PowerShell: `covidct completion pwsh | Out-String | Invoke-Expression`, in $PROFILE for every shell.
Register-ArgumentCompleter -Native -CommandName covidct -ScriptBlock {
    param($word, $command, $cursor)
    $name = $command.CommandElements[0].Extent
    $line = "covidct" + $command.ToString().Substring($name.Text.Length)
    $point = $cursor - $command.Extent.StartOffset - $name.Text.Length + 7
    & $name.Text "[suggest:$point]" $line.PadRight($point) 2>$null | Where-Object {
        # Options are shown once one is begun; without a match PowerShell completes files.
        $_.StartsWith($word) -and ($word.StartsWith('-') -or $_ -notmatch '^[-/]')
    } | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
}
