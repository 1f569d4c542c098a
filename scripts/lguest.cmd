@echo off
rem lguest for Windows: finds a Java 17 or newer (JAVA_HOME, then the PATH), builds once if nothing is built, then runs it.
rem LGUEST_JAVA_OPTS: more options for java. MAVEN_ARGS and MAVEN_OPTS reach Maven.
setlocal
for %%d in ("%~dp0..") do set "top=%%~fd"
set "jar=%top%\shell\target\lguest.jar"

set "java=java.exe"
if defined JAVA_HOME if exist "%JAVA_HOME%\bin\java.exe" set "java=%JAVA_HOME%\bin\java.exe"
set "version="
for /f tokens^=2^ delims^=^" %%v in ('""%java%" -version 2^>^&1"') do if not defined version set "version=%%v"
set "major="
for /f "delims=.-+" %%m in ("%version%") do set "major=%%m"
if not defined major set "major=0"
if %major% lss 17 (
    echo lguest: no JDK 17 or newer: %java% says "%version%"; set JAVA_HOME 1>&2
    exit /b 127
)

if not exist "%jar%" (
    where mvn >nul 2>nul || (
        echo lguest: not built yet, and there is no Maven ^(mvn^) on the PATH to do it: install Maven 3.8 or newer 1>&2
        exit /b 127
    )
    echo lguest: building once; this takes a minute 1>&2
    call mvn -q -B -f "%top%\pom.xml" -Dquickly package 1>&2 || (
        echo lguest: the build failed 1>&2
        exit /b 126
    )
)

set "archive="
if %major% geq 19 set "archive=-XX:+AutoCreateSharedArchive "-XX:SharedArchiveFile=%top%\shell\target\lguest-%version%.jsa""
rem As in the script lguest, which says why.
set "options=-XX:+UseSerialGC -XX:-UsePerfData -Xlog:disable -Xmx3g -XX:PerMethodTrapLimit=0 -XX:CompileCommand=quiet"
set "options=%options% -XX:CompileCommand=CompileThresholdScaling,lguest.translate.Region*::run,0.05"
set "options=%options% -XX:+UnlockDiagnosticVMOptions -XX:-DisplayVMOutput -Dlguest.compiler.directed=true"
"%java%" %options% "-XX:CompilerDirectivesFile=%top%\scripts\lguest.directives" %archive% "-Dlguest.home=%top%" %LGUEST_JAVA_OPTS% -jar "%jar%" %*
