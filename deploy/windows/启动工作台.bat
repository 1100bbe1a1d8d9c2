@echo off
chcp 65001 >nul
setlocal
cd /d "%~dp0..\.."
title 工作台
set "TALLY_LANG=zh"
if not defined TALLY_LEDGER set "TALLY_LEDGER=sqlite:///tally.db"
if exist ".venv\Scripts\tally.exe" goto ledger

echo 第一次启动：正在准备程序，需要联网，约几分钟，请稍候。
set "PY=py -3"
where py >nul 2>nul || set "PY=python"
%PY% -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul
if errorlevel 1 goto nopython
%PY% -m venv .venv || goto failed
.venv\Scripts\python.exe -m pip install -q -c constraints.txt ".[office,pages]" || goto failed

:ledger
if not "%TALLY_LEDGER%"=="sqlite:///tally.db" goto start
if exist "tally.db" goto start
if exist "tally.db.key" goto lost
.venv\Scripts\tally.exe init || goto failed

:start
echo 工作台已启动。办公期间请不要关闭这个窗口；下班时关闭即可。
.venv\Scripts\tally.exe desk --open
pause
exit /b

:nopython
echo 没有找到 Python 3.11 或更新的版本。
echo 请到 https://www.python.org/downloads/ 下载安装，安装时勾选 Add python.exe to PATH，再双击本文件。
pause
exit /b 1

:lost
echo 台账文件 tally.db 不在了，密钥还在。请不要新建台账：先从备份中找回 tally.db，再双击本文件。
pause
exit /b 1

:failed
echo 没有完成。请把上面的文字拍照，交给负责电脑的同事。
if not exist ".venv\Scripts\tally.exe" rmdir /s /q .venv 2>nul
pause
exit /b 1
